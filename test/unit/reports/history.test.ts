import type { CellResult } from "../../../harness/model/cell";
import type { MatrixReport } from "../../../harness/model/report";
import { buildReport } from "../../../harness/run/build-report";
import { historyOf, lettersOf } from "../../../reports/history";
import { reportJson } from "../../../reports/forms/json";
import { parseReport } from "../../../reports/parse-report";
import { coreCells, resultOf, runInfo } from "../../support/make-report";

const [a, b, c] = coreCells();

/** A night's report, with the history that merge gives it, as the next night reads it. */
function night(day: number, cells: readonly CellResult[], earlier: readonly MatrixReport[]): MatrixReport {
  const name = String(day).padStart(2, "0");
  const run = { ...runInfo, id: `night-${name}`, startedAt: `2026-03-${name}T02:37:00.000Z` };
  const report = buildReport(run, cells, []);
  const history = historyOf(earlier, cells);
  return parseReport(reportJson({ ...report, history }), name);
}

const told = ({ history }: MatrixReport, { id }: { readonly id: string } = a!): string =>
  lettersOf(history, id).join("");

describe("historyOf", () => {
  it("has a letter for each verdict, the worst of a cell's repeats, and none where a cell was not run", () => {
    const verdicts: readonly (readonly [string, Partial<CellResult>])[] = [
      ["w", { result: "worked" }],
      ["f", { result: "failed" }],
      ["u", { result: "unsupported" }],
      ["W", { result: "worked", outcome: "unexpected" }],
      ["F", { result: "failed", outcome: "unexpected" }],
      ["U", { result: "unsupported", outcome: "unexpected" }],
      ["y", { outcome: "flaky" }],
      ["x", { result: "not-run", outcome: "lab-error" }],
      ["-", { result: "not-run", outcome: "skipped" }],
    ];
    for (const [letter, changes] of verdicts) {
      const first = night(1, [resultOf(a!, changes), resultOf(c!), resultOf(c!, { ...changes, repeat: 2 })], []);
      const second = night(2, [resultOf(a!), resultOf(b!), resultOf(c!)], [first]);
      expect([told(second, a), told(second, b)]).toEqual([letter, "-"]);
      // An expected result, whichever, is no worse than the other run's, and a lab that broke says nothing.
      expect(told(second, c)).toBe("WFUy".includes(letter) ? letter : "w");
    }
  });

  it("goes on from the last report alone, for two weeks", () => {
    let last = night(1, [resultOf(a!, { result: "failed", outcome: "unexpected" })], []);
    expect(last.history).toEqual({ runs: [], cells: { [a!.id]: "" } });
    const lengths: number[] = [];
    for (let day = 2; day <= 20; day += 1) {
      last = night(day, [resultOf(a!, { outcome: day === 19 ? "flaky" : "expected" })], [last]);
      lengths.push(told(last).length);
    }
    expect(lengths).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 14, 14, 14, 14, 14]);
    expect(told(last)).toBe(`${"w".repeat(13)}y`);
    expect(last.history?.runs.map(({ id }) => id).at(0)).toBe("night-06");
    expect(last.history?.runs.at(-1)).toEqual({ id: "night-19", startedAt: "2026-03-19T02:37:00.000Z" });
  });

  it("takes the last green night and the last of all together, each run once and in order", () => {
    const first = night(1, [resultOf(a!)], []);
    const green = night(2, [resultOf(a!)], [first]);
    const red = night(3, [resultOf(a!, { result: "failed", outcome: "unexpected" })], [green]);
    for (const earlier of [
      [green, red],
      [red, green],
      [red, red],
    ]) {
      const next = night(4, [resultOf(a!)], earlier);
      expect(next.history?.runs.map(({ id }) => id)).toEqual(["night-01", "night-02", "night-03"]);
      expect(told(next)).toBe("wwF");
    }
  });

  it("forgets cells that are gone, and knows none that have a name of JavaScript's own", () => {
    const history = historyOf([night(1, [resultOf(a!)], [])], [resultOf(b!)]);
    expect(Object.keys(history.cells)).toEqual([b!.id]);
    expect(lettersOf(history, "constructor")).toEqual([]);
    expect(lettersOf(undefined, a!.id)).toEqual([]);
  });
});

describe("the history in report.json", () => {
  it.each([
    ["other letters", "z"],
    ["another number of letters than runs", "ww"],
  ])("may not have %s", (_, text) => {
    const report = night(2, [resultOf(a!)], [night(1, [resultOf(a!)], [])]);
    const damaged = { ...report, history: { ...report.history!, cells: { [a!.id]: text } } };
    expect(() => parseReport(reportJson(damaged), "x")).toThrow(/history/);
  });
});
