/** Two reports of the same cells: what changed from one to the other. */
import type { Outcome } from "../harness/model/axes";
import type { CellResult } from "../harness/model/cell";
import { groupBy } from "./group-by";

type Verdict = Pick<CellResult, "repeat" | "result" | "stage" | "cause" | "outcome">;

/** The parts of a report that are compared. */
export type Comparable = {
  readonly run: { readonly id: string };
  readonly cells: readonly Single[];
  readonly controls: readonly Judged[];
  readonly claims: readonly Judged[];
};

/** A control or a claim, whose outcome may be one that a later version has. */
export type Judged = { readonly id: string; readonly outcome: string };

/** A cell in both reports; a repeated one with the worst of its verdicts, and the run that had it. */
export type Change = { readonly id: string; readonly before: Verdict; readonly after: Verdict };
export type Single = { readonly id: string } & Verdict;

/** Each list in the order of the report that has its cells. */
export type Comparison = {
  /** Ids of the two runs. */
  readonly before: string;
  readonly after: string;
  /** Cells that came out worse than before. */
  readonly regressions: readonly Change[];
  readonly fixes: readonly Change[];
  /** Neither better nor worse, and yet another result, stage or cause. */
  readonly changed: readonly Change[];
  /** Cells of which one of the runs gave no verdict, since its lab broke: neither better nor worse. */
  readonly undecided: readonly Change[];
  /** Cells that only the later report has, or only it has run. */
  readonly added: readonly Single[];
  readonly gone: readonly Single[];
  /** Controls that fail now and did not, and claims that are contradicted now and were not. */
  readonly failedControls: readonly string[];
  readonly contradictedClaims: readonly string[];
  /** Cells in both, whether or not they changed. */
  readonly common: number;
};

/** Compares cells by id, whatever servers, clients or order the two runs have. */
export function compareReports(before: Comparable, after: Comparable): Comparison {
  const old = worstById(before.cells);
  const young = worstById(after.cells);
  const all = [...young].flatMap(([id, verdict]): Change[] => {
    const earlier = old.get(id);
    return earlier === undefined ? [] : [{ id, before: earlier, after: verdict }];
  });
  const lacksVerdict = ({ before: a, after: b }: Change): boolean => isUndecided(a) || isUndecided(b);
  const undecided = all.filter(lacksVerdict);
  const common = all.filter((change) => !lacksVerdict(change));
  const step = ({ before: a, after: b }: Change): number => badness[b.outcome] - badness[a.outcome];
  return {
    before: before.run.id,
    after: after.run.id,
    regressions: common.filter((change) => step(change) > 0),
    fixes: common.filter((change) => step(change) < 0),
    changed: common.filter((change) => step(change) === 0 && differs(change)),
    undecided,
    added: missingIn(old, young),
    gone: missingIn(young, old),
    failedControls: newIds(failedControlsOf(before), failedControlsOf(after)),
    contradictedClaims: newIds(contradictedOf(before), contradictedOf(after)),
    common: all.length,
  };
}

/** Whether anything is worse than it was. */
export function hasRegressed({ regressions, failedControls, contradictedClaims }: Comparison): boolean {
  return regressions.length + failedControls.length + contradictedClaims.length > 0;
}

function isUndecided({ outcome }: Verdict): boolean {
  return outcome === "lab-error";
}

/** A skipped cell was not run, and one whose lab broke has no verdict: any other repeat says more. */
const badness: Readonly<Record<Outcome, number>> = {
  "lab-error": -1,
  expected: 0,
  skipped: 0,
  flaky: 1,
  unexpected: 2,
};

/** The result of each cell that ran; if it was repeated, the worst one. */
export function worstById(cells: readonly Single[]): ReadonlyMap<string, Verdict> {
  const ran = cells.filter(({ outcome }) => outcome !== "skipped");
  return new Map(
    groupBy(ran, ({ id }) => id).map(([first, ...rest]) => {
      const worst = rest.reduce((a, b) => (badness[b.outcome] > badness[a.outcome] ? b : a), first);
      const { id, repeat, result, stage, cause, outcome } = worst;
      return [id, { repeat, result, stage, cause, outcome }];
    }),
  );
}

function differs({ before, after }: Change): boolean {
  return before.result !== after.result || before.stage !== after.stage || before.cause !== after.cause;
}

function missingIn(there: ReadonlyMap<string, Verdict>, here: ReadonlyMap<string, Verdict>): readonly Single[] {
  return [...here].flatMap(([id, verdict]) => (there.has(id) ? [] : [{ id, ...verdict }]));
}

function failedControlsOf({ controls }: Comparable): readonly string[] {
  return controls.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
}

function contradictedOf({ claims }: Comparable): readonly string[] {
  return claims.filter(({ outcome }) => outcome === "contradicted").map(({ id }) => id);
}

function newIds(before: readonly string[], after: readonly string[]): readonly string[] {
  return [...new Set(after)].filter((id) => !before.includes(id));
}
