import { createColors } from "picocolors";
import type { MatrixReport } from "../../../harness/model/report";
import { buildReport } from "../../../harness/run/build-report";
import { matrixText } from "../../../reports/matrix-text";
import { displayWidth } from "../../../harness/text/width";
import { expectGolden } from "../../support/report-golden";
import {
  allExpected,
  cellOf,
  controlOf,
  coreCells,
  coreCount,
  resultOf,
  runInfo,
  withTroubles,
} from "../../support/make-report";

function plain(report: MatrixReport, unicode = true): string {
  return matrixText(report, { colours: createColors(false), unicode });
}

describe("matrixText", () => {
  it("prints a run in which all is as expected", () => {
    expectGolden("matrix-expected.txt", plain(allExpected()));
  });

  it("prints a run with troubles", () => {
    const options = { colours: createColors(false), unicode: true, folder: "reports/out/latest" };
    expectGolden("matrix-troubles.txt", matrixText(withTroubles(), options));
  });

  it("prints the same in colour", () => {
    expectGolden(
      "matrix-troubles-colour.txt",
      matrixText(withTroubles(), { colours: createColors(true), unicode: true }),
    );
  });

  it("says the same in colour as without", () => {
    const coloured = matrixText(withTroubles(), { colours: createColors(true), unicode: true });
    // eslint-disable-next-line no-control-regex
    expect(coloured.replace(/\x1b\[\d+m/g, "")).toBe(plain(withTroubles()));
  });

  it("keeps to ASCII for a terminal that is not UTF-8", () => {
    const text = plain(withTroubles(), false);
    const foreign = [resultOf(cellOf("direct", "ftp", "pasv", "list"), { outcome: "flaky", message: "délai" })];
    expect(plain(buildReport(runInfo, foreign, []), false)).toContain("message   d\\u{e9}lai\n");
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(text).toContain("server-nat                      x +!+ +  x x + +");
  });

  it("fits the core matrix into 100 columns", () => {
    const table = plain(allExpected()).split("\n\n").slice(0, 3).join("\n").split("\n");
    expect(Math.max(...table.map(displayWidth))).toBeLessThanOrEqual(100);
  });

  it("breaks what it sums up between its parts on a narrow terminal", () => {
    const versions = {
      engine: "28.2.2",
      kernel: "6.18.44-fc-v782",
      node: "20.19.2",
      "basic-ftp": "6.2.3",
      lftp: "4.9.3",
    };
    const report = buildReport({ ...runInfo, versions }, withTroubles().cells, withTroubles().controls);
    const narrow = matrixText(report, { colours: createColors(true), unicode: true, columns: 60 });
    // eslint-disable-next-line no-control-regex
    const uncoloured = narrow.replace(/\x1b\[\d+m/g, "");
    const lines = uncoloured.trimEnd().split("\n");
    expect(lines.slice(-6)).toEqual([
      "Versions: engine 28.2.2 · kernel 6.18.44-fc-v782",
      "node 20.19.2 · basic-ftp 6.2.3 · lftp 4.9.3",
      "worked 905 · failed 343 (data-connect 252, data-command 90,",
      "data-tls 1) · not run 96",
      `${coreCount} cells: 1,243 expected, 4 unexpected, 1 flaky, 12 skipped, 84 lab-error`,
      "84 controls passed, 1 failed · 58.2 s",
    ]);
  });

  it("makes a table for each server", () => {
    const cells = [...coreCells("tls-optional"), ...coreCells("tls-required")].map((cell) => resultOf(cell));
    const text = plain(buildReport(runInfo, cells, []));
    expect(text).toContain("tls-optional server, basic-ftp client\n");
    expect(text).toContain("tls-required server, basic-ftp client\n");
    expect(text.match(/^firewall-strict-helper /gm)).toHaveLength(2);
  });

  it("lists 40 deviations and counts the rest", () => {
    const cells = coreCells()
      .slice(0, 60)
      .map((cell) => resultOf(cell, { outcome: "unexpected" }));
    const text = plain(buildReport(runInfo, cells, []));
    expect(text).toContain("Not as expected: 60 cells");
    expect(text.match(/! unexpected /g)).toHaveLength(40);
    expect(text).toContain("... and 20 more cells, listed in report.md and report.json");
  });

  it("shows hostile text and does not obey it", () => {
    const message = `\x1b]0;title\x07\r\n</script>\u202e\`|${"x".repeat(1_000_000)}`;
    const cell = cellOf("direct\x1b[2J", "ftp", "pasv", "list", "server\n", "client\x9b");
    const cells = [resultOf(cell, { outcome: "unexpected", message, cause: message })];
    const controls = [controlOf("direct", "a", { outcome: "failed", detail: message })];
    const text = plain(buildReport(runInfo, cells, controls));
    expect(text).toMatch(/message {3}\\x1b\]0;title\\x07\\r\\n<\/script>\\u202e`\|x+…\n/);
    expect(text).not.toMatch(/[^\n\P{C}]/u);
    expect(text.length).toBeLessThan(5000);
  });

  it("ends with the summary, also where nothing was run", () => {
    expect(
      plain(buildReport(runInfo, [], []))
        .split("\n")
        .at(-2),
    ).toBe("0 cells: 0 expected, 0 unexpected, 0 flaky, 0 skipped, 0 lab-error · 0 controls passed · 58.2 s");
  });

  it("lays the name of a single data command flat", () => {
    const text = plain(buildReport(runInfo, [resultOf(cellOf("direct", "ftp", "eprt", "list"))], []));
    expect(text).toContain("        ftp\n        eprt\n────────────\ndirect  ✓\n");
  });
});
