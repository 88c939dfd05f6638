import { displayWidth, lineWidth, padTo, paintLine, span, trimLine } from "../../../harness/text/width";

const loud = (text: string): string => `<${text}>`;

describe("displayWidth", () => {
  it("counts wide characters twice and combining ones not at all", () => {
    expect(displayWidth("abc")).toBe(3);
    expect(displayWidth("接続")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("ที่")).toBe(1);
    expect(displayWidth("🙂")).toBe(2);
  });

  it("counts the signs of the matrix once", () => {
    expect(displayWidth("✓✗·●○█░─…")).toBe(9);
  });
});

describe("padTo", () => {
  it("fills by columns and not by characters", () => {
    expect(padTo("接", 4)).toBe("接  ");
    expect(padTo("long", 2)).toBe("long");
  });
});

describe("trimLine", () => {
  it("takes away the spaces at the end, in the last piece and in pieces of their own", () => {
    expect(paintLine(trimLine([span("a "), span("b  ", loud), span("   ", loud)]), 99)).toBe("a <b>");
    expect(trimLine([span("  ")])).toEqual([]);
  });
});

describe("paintLine", () => {
  const line = [span("abc", loud), span("def"), span("ghi", loud)];

  it("paints a line that fits whole", () => {
    expect(lineWidth(line)).toBe(9);
    expect(paintLine(line, 9)).toBe("<abc>def<ghi>");
  });

  it("cuts text and never a colour", () => {
    expect(paintLine(line, 7)).toBe("<abc>def<g>");
    expect(paintLine(line, 3)).toBe("<abc>");
  });

  it("shows nothing after the first piece that is cut", () => {
    expect(paintLine([span("接接"), span("x")], 3)).toBe("接");
  });
});
