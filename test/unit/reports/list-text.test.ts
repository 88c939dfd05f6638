import { createColors } from "picocolors";
import { listJson, listText } from "../../../reports/list-text";
import { expectGolden } from "../../support/report-golden";
import { cellOf, coreCells, planned } from "../../support/make-report";

const some = planned(
  coreCells().filter(
    ({ topology, mode, operation }) => topology.startsWith("server-nat") && mode === "ftps" && operation === "list",
  ),
);
const plain = { colours: createColors(false), unicode: true };

describe("listText", () => {
  it("lists planned cells by topology", () => {
    expectGolden("list.txt", listText(some, plain));
  });

  it("has one line for each cell, its columns aligned", () => {
    const lines = listText(some, plain)
      .split("\n")
      .filter((line) => line.startsWith("  "));
    expect(lines).toHaveLength(some.length);
    expect(new Set(lines.map((line) => line.search(/worked|failed/)))).toHaveProperty("size", 1);
    expect(new Set(lines.map((line) => line.search(/No rule|Nothing/)))).toHaveProperty("size", 1);
  });

  it("says that nothing is planned", () => {
    expect(listText([], plain)).toBe("0 cells: nothing is planned\n");
  });

  it("shows control characters of a scenario's own reason", () => {
    const cell = cellOf("direct", "ftp", "pasv", "list");
    const expected = { result: "unsupported", stage: null, cause: null, reason: "a\x1b[2J\nb" } as const;
    expect(listText([{ cell, expected }], plain)).toContain("unsupported  a\\x1b[2J\\nb\n");
  });
});

describe("listJson", () => {
  it("carries the id, the six axes and what is expected, one cell a line", () => {
    const [first] = some;
    const text = listJson(some);
    const value = JSON.parse(text) as { schemaVersion: string; cells: unknown[] };
    expect(value.schemaVersion).toBe("1.0");
    expect(value.cells).toHaveLength(some.length);
    expect(value.cells[0]).toEqual({ ...first?.cell, expected: first?.expected });
    expect(text.split("\n")).toHaveLength(some.length + 6);
  });

  it("is valid where nothing is planned", () => {
    expect(JSON.parse(listJson([]))).toEqual({ schemaVersion: "1.0", cells: [] });
  });
});
