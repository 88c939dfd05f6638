import { createColors } from "picocolors";
import type { CellResult } from "../../../harness/model/cell";
import { buildReport } from "../../../harness/run/build-report";
import { compareReports, hasRegressed } from "../../../reports/compare";
import { compareJson, compareText } from "../../../reports/compare-text";
import { allExpected, controlOf, coreCells, resultOf, runInfo, withTroubles } from "../../support/make-report";

const [a, b, c, d] = coreCells();
const failed: Partial<CellResult> = { result: "failed", stage: "data-connect", outcome: "unexpected" };
const report = (cells: readonly CellResult[]) => buildReport(runInfo, cells, []);
const ids = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id);

describe("compareReports", () => {
  it("finds nothing where nothing changed, troubles or not", () => {
    for (const same of [allExpected(), withTroubles()]) {
      const comparison = compareReports(same, same);
      expect(hasRegressed(comparison)).toBe(false);
      expect(compareText(comparison, { colours: createColors(false), unicode: true })).toContain("0 regressions");
    }
  });

  it("tells regressions, fixes, changes, new and gone cells apart", () => {
    const before = report([resultOf(a!), resultOf(b!, failed), resultOf(c!, failed)]);
    const after = report([resultOf(a!, failed), resultOf(b!), resultOf(c!, { ...failed, stage: "login" })]);
    const comparison = compareReports(before, after);
    expect([comparison.regressions, comparison.fixes, comparison.changed].map(ids)).toEqual([
      [a!.id],
      [b!.id],
      [c!.id],
    ]);
    const other = compareReports(report([resultOf(a!)]), report([resultOf(d!, failed)]));
    expect([other.added, other.gone].map(ids)).toEqual([[d!.id], [a!.id]]);
    expect(hasRegressed(other)).toBe(false);
    expect(compareText(comparison, { colours: createColors(false), unicode: false })).toContain(
      `${a!.id}  worked -> failed at data-connect, unexpected`,
    );
    expect(JSON.parse(compareJson(comparison))).toMatchObject({ regressed: true, common: 3 });
  });

  it("calls a cell whose lab broke not decided: neither better nor worse", () => {
    const broken: Partial<CellResult> = { result: "not-run", outcome: "lab-error" };
    const [sound, lost] = [
      report([resultOf(a!), resultOf(b!, failed)]),
      report([resultOf(a!, broken), resultOf(b!, broken)]),
    ];
    for (const comparison of [compareReports(sound, lost), compareReports(lost, sound)]) {
      expect(ids(comparison.undecided)).toEqual([a!.id, b!.id]);
      expect([...comparison.regressions, ...comparison.fixes, ...comparison.changed]).toEqual([]);
      expect(hasRegressed(comparison)).toBe(false);
      expect(compareText(comparison, { colours: createColors(false), unicode: true })).toContain("2 not decided");
    }
    // Another repeat that has a verdict decides.
    const again = report([resultOf(a!, broken), resultOf(a!, { repeat: 2 }), resultOf(b!, failed)]);
    expect(compareReports(sound, again).undecided).toEqual([]);
  });

  it("takes the worst of a cell's repeats, and a skipped cell for one that was not run", () => {
    const before = report([resultOf(a!), resultOf(a!, { repeat: 2 }), resultOf(b!)]);
    const after = report([
      resultOf(a!),
      resultOf(a!, { repeat: 2, outcome: "flaky" }),
      resultOf(b!, { outcome: "skipped", result: "not-run" }),
    ]);
    const comparison = compareReports(before, after);
    expect(comparison.regressions.map(({ after: { outcome } }) => outcome)).toEqual(["flaky"]);
    expect(ids(comparison.gone)).toEqual([b!.id]);
  });

  it("judges by what was expected: a failure that is foreseen now is another result, and no regression", () => {
    const foreseen: Partial<CellResult> = { result: "failed", stage: "transfer", cause: "no-helper" };
    const [worked, fails] = [report([resultOf(a!)]), report([resultOf(a!, foreseen)])];
    for (const comparison of [compareReports(worked, fails), compareReports(fails, worked)]) {
      expect(hasRegressed(comparison)).toBe(false);
      expect(ids(comparison.changed)).toEqual([a!.id]);
    }
  });

  it("counts a control that fails now as worse", () => {
    const before = buildReport(runInfo, [], [controlOf("direct", "no-bypass")]);
    const after = buildReport(runInfo, [], [controlOf("direct", "no-bypass", { outcome: "failed" })]);
    expect(compareReports(before, after).failedControls).toEqual(["direct/control/no-bypass"]);
    expect(hasRegressed(compareReports(before, after))).toBe(true);
    expect(hasRegressed(compareReports(after, after))).toBe(false);
  });

  it("prints hostile texts harmlessly and not endlessly", () => {
    const cause = `\u001b[2J\u202e${"x".repeat(1_000_000)}`;
    const after = report(coreCells().map((cell) => resultOf(cell, { ...failed, cause })));
    const text = compareText(compareReports(allExpected(), after), { colours: createColors(false), unicode: true });
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text.length).toBeLessThan(60_000);
    expect(text).toMatch(/\.\.\. and [\d,]+ more; --json has them all/);
  });
});
