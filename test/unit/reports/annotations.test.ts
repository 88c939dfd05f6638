import { annotationLines, withoutCommands } from "../../../reports/annotations";
import { buildReport } from "../../../harness/run/build-report";
import { allExpected, coreCells, resultOf, runInfo, withTroubles } from "../../support/make-report";

describe("annotationLines", () => {
  it("says nothing where all is as expected", () => {
    expect(annotationLines(allExpected())).toEqual([]);
  });

  it("names the worst ten, then how many more there are", () => {
    const cells = coreCells().map((cell, index) => {
      if (index < 20) return resultOf(cell, { outcome: "flaky", attempts: 2 });
      return resultOf(cell, index < 23 ? { outcome: "unexpected", message: "100% lost" } : {});
    });
    const lines = annotationLines(buildReport(runInfo, cells, []));
    expect(lines).toHaveLength(11);
    expect(lines.slice(0, 3).every((line) => line.startsWith("::error title=unexpected direct/"))).toBe(true);
    expect(lines[0]).toContain("%0A100%25 lost%0Aagain: npm run matrix");
    expect(lines.slice(3, 10).every((line) => line.startsWith("::warning title=flaky direct/"))).toBe(true);
    expect(lines[10]).toBe("::notice title=ftp-nat-matrix::and 13 more not as expected");
  });

  it("counts the cells of a broken lab once, and tells no skipped ones", () => {
    const lines = annotationLines(withTroubles());
    expect(lines.filter((line) => line.includes("lab-error"))).toHaveLength(1);
    expect(lines.join("\n")).not.toContain("skipped");
  });

  it("keeps foreign text within its command", () => {
    const [cell] = coreCells();
    const message = "x\r\n::stop-commands::now\n\u001b]0;\u202e,title=:: ##[error]";
    const lines = annotationLines(
      buildReport(runInfo, [resultOf(cell!, { outcome: "unexpected", message, cause: "a,b::c\n::d" })], []),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\r\n\p{Cc}\u202e]/u);
    expect(lines[0]?.split("::")[1]).not.toContain(",");
  });
});

test("withoutCommands leaves nothing that an older form of commands could be read from", () => {
  expect(withoutCommands("550 ##[error]no ###[group]x")).toBe("550 ## [error]no ### [group]x");
});
