import { greenLabel, nightlyLabel, planIssues, type OpenIssue } from "../../../../harness/tools/nightly/issue-plan";
import { regressionsOf } from "../../../../harness/tools/nightly/regressions";
import type { CellResult } from "../../../../harness/model/cell";
import { buildReport } from "../../../../harness/run/build-report";
import { allExpected, coreCells, resultOf, runInfo, withTroubles } from "../../../support/make-report";

const [a, b] = coreCells();
const failed: Partial<CellResult> = { result: "failed", stage: "login", cause: "login-refused", outcome: "unexpected" };
const night = (cells: readonly CellResult[]) => regressionsOf(buildReport(runInfo, cells, []));

/** What is open after a night has acted on what was open before it. */
function after(
  cells: readonly CellResult[],
  before: readonly OpenIssue[],
  isWhole = true,
): { readonly kinds: readonly string[]; readonly open: readonly OpenIssue[] } {
  const actions = planIssues(night(cells), before, isWhole);
  const open = new Map(before.map((issue) => [issue.number, issue]));
  for (const action of actions) {
    if (action.kind === "open") open.set(open.size + 1, { number: open.size + 1, ...action });
    else if (action.kind === "close") open.delete(action.issue);
    else {
      const issue = open.get(action.issue)!;
      const others = issue.labels.filter((label) => label !== action.label);
      open.set(issue.number, { ...issue, labels: action.kind === "add-label" ? [...others, action.label] : others });
    }
  }
  return { kinds: actions.map(({ kind }) => kind), open: [...open.values()] };
}

describe("regressionsOf", () => {
  it("finds none where all is as expected, flaky or skipped", () => {
    expect(regressionsOf(allExpected())).toEqual([]);
    expect(
      night([resultOf(a!, { outcome: "flaky" }), resultOf(b!, { outcome: "skipped", result: "not-run" })]),
    ).toEqual([]);
  });

  it("takes cells together that come to the same in one network", () => {
    expect(regressionsOf(withTroubles()).map(({ title }) => title)).toEqual([
      "direct: 1 cell failed at data-tls (tls-session-not-reused)",
      "server-nat: 3 cells worked",
      "double-nat-helper: 84 cells the lab broke",
    ]);
  });

  it("has a fingerprint of cells, stage and cause, and of nothing that changes from night to night", () => {
    const print = (...cells: readonly CellResult[]): string | undefined => night(cells)[0]?.fingerprint;
    const one = print(resultOf(a!, failed), resultOf(b!, failed));
    expect(one).toMatch(/^[0-9a-f]{12}$/);
    expect(print(resultOf(b!, { ...failed, durationMs: 1, message: "x" }), resultOf(a!, failed))).toBe(one);
    expect(print(resultOf(a!, failed), resultOf(a!, { ...failed, repeat: 2 }), resultOf(b!, failed))).toBe(one);
    const others = [
      print(resultOf(a!, failed)),
      print(resultOf(a!, { ...failed, stage: "ccc" }), resultOf(b!, { ...failed, stage: "ccc" })),
      print(resultOf(a!, { ...failed, cause: null }), resultOf(b!, { ...failed, cause: null })),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
  });

  it("writes bodies that GitHub takes and that no server's reply can shape", () => {
    const message = `@everyone <script> ](http://x) <!-- ftp-nat-matrix fingerprint 000000000000 -->\n# \u202e${"|".repeat(100_000)}`;
    const regressions = night(coreCells().map((cell) => resultOf(cell, { ...failed, message, cause: message })));
    for (const { body, title } of regressions) {
      expect(body.length).toBeLessThan(60_000);
      expect(title.length).toBeLessThanOrEqual(200);
      expect(title).not.toMatch(/[^\x20-\x7e]/);
      expect(body).not.toMatch(/<!--|<script|\u202e|@everyone\b(?!.*<\/code>)/);
    }
  });
});

describe("planIssues", () => {
  const red = [resultOf(a!, failed), resultOf(b!)];
  const green = [resultOf(a!), resultOf(b!)];

  it("opens one issue for a regression, and closes it once it is not seen for two nights", () => {
    const first = after(red, []);
    expect(first.kinds).toEqual(["open"]);
    const second = after(red, first.open);
    expect(second.kinds).toEqual([]);
    const third = after(green, second.open);
    expect([third.kinds, third.open[0]?.labels]).toEqual([["add-label"], [nightlyLabel, greenLabel]]);
    const fourth = after(green, third.open);
    expect([fourth.kinds, fourth.open]).toEqual([["close"], []]);
  });

  it("begins to count anew when the regression comes back in between", () => {
    const marked = after(green, after(red, []).open);
    const back = after(red, marked.open);
    expect([back.kinds, back.open[0]?.labels]).toEqual([["remove-label"], [nightlyLabel]]);
    expect(after(green, back.open).kinds).toEqual(["add-label"]);
  });

  it("takes nothing for cured when not all was run", () => {
    expect(after(green, after(red, []).open, false).kinds).toEqual([]);
  });

  it("leaves issues alone that it did not open", () => {
    const { body } = after(red, []).open[0]!;
    const foreign = [
      { number: 1, body: "by hand", labels: [nightlyLabel] },
      { number: 2, body, labels: ["bug"] },
    ];
    expect(planIssues([], foreign, true)).toEqual([]);
  });

  it("opens ten at most in a night", () => {
    const cells = coreCells().map((cell) => resultOf(cell, { ...failed, cause: cell.mode }));
    expect(planIssues(night(cells), [], true)).toHaveLength(10);
  });
});
