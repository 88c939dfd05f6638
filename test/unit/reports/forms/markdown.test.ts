import type { CellResult } from "../../../../harness/model/cell";
import { buildReport } from "../../../../harness/run/build-report";
import { markdownReport } from "../../../../reports/forms/markdown";
import { expectGolden } from "../../../support/report-golden";
import {
  allExpected,
  cellOf,
  controlOf,
  coreCells,
  coreCount,
  resultOf,
  runInfo,
  withTroubles,
} from "../../../support/make-report";

const hostile = `<img src=x onerror=alert(1)>|\`\`\`\n# head\n${"\u202e|<".repeat(400)}`;

function unexpected(count: number, message: string): CellResult[] {
  const servers = Array.from({ length: Math.ceil(count / coreCells().length) }, (_, index) => `server-${index}`);
  const cells = servers.flatMap((server) => coreCells(server)).slice(0, count);
  return cells.map((cell) => resultOf(cell, { outcome: "unexpected", message }));
}

describe("markdownReport", () => {
  // Golden files end in .txt, or the formatter would lay them out anew.
  it("reports a run in which all is as expected", () => {
    expectGolden("markdown-expected.md.txt", markdownReport(allExpected()));
  });

  it("reports a run with troubles", () => {
    expectGolden("markdown-troubles.md.txt", markdownReport(withTroubles()));
  });

  it("puts the verdict first and the matrix before everything else", () => {
    const heads = markdownReport(withTroubles()).match(/^#+ .*$/gm) ?? [];
    expect(heads.map((head) => head.replace(/[`:].*/, "").trim())).toEqual([
      `# ✗ ${coreCount} cells`,
      "## Server",
      "## Not as expected",
      "## Controls",
      "## Versions",
      "## Run it again",
      "## Legend",
    ]);
  });

  it("stays under 900 KB with ten thousand unexpected cells, and counts those that it leaves out", () => {
    const text = markdownReport(buildReport(runInfo, unexpected(10_000, hostile), []));
    expect(Buffer.byteLength(text)).toBeLessThan(900_000);
    const listed = text.match(/^- \*\*unexpected\*\*/gm)?.length ?? 0;
    expect(listed).toBeGreaterThan(100);
    expect(text).toContain(`... and ${(10_000 - listed).toLocaleString("en-US")} more cells`);
    expect(text).toContain("## Legend");
  });

  it("stays under 900 KB with thousands of tables and of failed controls", () => {
    const cells = Array.from({ length: 4000 }, (_, index) =>
      resultOf(cellOf("direct", "ftp", "pasv", "list", `server-${index}`), {
        outcome: "unexpected",
        message: hostile,
      }),
    );
    const controls = cells.map((_, index) =>
      controlOf("direct", String(index), { outcome: "failed", detail: hostile }),
    );
    const text = markdownReport(buildReport(runInfo, cells, controls));
    expect(Buffer.byteLength(text)).toBeLessThan(900_000);
    expect(text).toMatch(/[\d,]+ more tables left out/);
    expect(text).toContain("... and 3,900 more controls");
  });

  it("stays under 900 KB when every text is as long as text gets", () => {
    // One that takes six bytes each.
    const widest = "|".repeat(1000);
    const cells = Array.from({ length: 4000 }, (_, index) => {
      const cell = cellOf("direct", "ftp", "pasv", "list", `server-${index}${widest}`);
      const expected = { result: "worked", stage: null, cause: widest, reason: widest } as const;
      return resultOf(cell, { outcome: "unexpected", message: widest, cause: widest, expected });
    });
    const controls = cells.slice(0, 2000).map((_, index) => {
      return controlOf("direct", `${index}${widest}`, { outcome: "failed", detail: widest });
    });
    const versions = Object.fromEntries(controls.map((_, index) => [`${index}${widest}`, widest]));
    const claims = controls.map(({ id }) => ({
      id,
      text: widest,
      because: widest,
      verdict: "holds" as const,
      outcome: "not-shown" as const,
      evidence: [],
    }));
    const run = { ...runInfo, versions, argv: [widest.repeat(20)] };
    const text = markdownReport(buildReport(run, cells, controls, claims));
    expect(Buffer.byteLength(text)).toBeLessThan(900_000);
    expect(text).toContain("## Legend");
  });

  it("keeps foreign text from becoming Markdown or HTML, wherever it stands", () => {
    const cell = cellOf("direct", "ftp", "pasv", "list", "server`|<b>");
    const expected = { result: "worked", stage: null, cause: hostile, reason: hostile } as const;
    const report = buildReport(
      { ...runInfo, versions: { [hostile]: hostile }, argv: ["run", hostile], id: hostile, startedAt: hostile },
      [resultOf(cell, { outcome: "unexpected", cause: hostile, message: hostile, expected })],
      [controlOf("direct", hostile, { outcome: "failed", detail: hostile })],
    );
    const [prose = "", command = ""] = markdownReport(report).split("## Run it again");
    expect(prose.replaceAll(/<\/?code>/g, "")).not.toMatch(/[<>\u202e]/);
    expect(prose).not.toMatch(/^# head/m);
    const table = prose.split("\n").filter((line) => line.startsWith("| ") && line.includes("img"));
    expect(table.map((line) => line.match(/\|/g)?.length)).toEqual([3]);
    expect(command).toMatch(/^\n\n````sh\n.*\n````\n/);
  });

  it("leaves empty sections out where nothing was run", () => {
    expect(markdownReport(buildReport(runInfo, [], []))).toMatch(/^# ✗ no cell was run\n/);
  });
});
