/** Typed form of `scenarios/<name>.yaml`: which cells to run, and what is expected of some of them. */
import type { Axis, Result, Stage } from "./axes";
import type { CauseId } from "./diagnosis";

export type Scenario = {
  readonly name: string;
  readonly description: string;
  /** The scenario's cells are those of any of these selections. */
  readonly include: readonly AxisSelection[];
  /** In the order of the file: the last one that matches a cell holds. */
  readonly expect: readonly ExpectedOutcome[];
  /** Sentences that the scenario's cells prove or refute. */
  readonly claims: readonly Claim[];
};

/**
 * For each axis the ids that are selected; a selection's cells are every combination of them. Globs, excludes and
 * defaults of the file are resolved already, and every id is known.
 */
export type AxisSelection = Readonly<Record<Axis, readonly string[]>>;

/** What a scenario expects of the cells that a glob matches, in place of the prediction. */
export type ExpectedOutcome = {
  /** Glob on the cell id: `*` stays within a part, `**` crosses `/`. */
  readonly cells: string;
  readonly result: Result;
  /** `null` unless `result` is `failed`. */
  readonly stage: Stage | null;
  /** `null`: any cause will do. */
  readonly cause: CauseId | null;
  /** One sentence for a person. */
  readonly reason: string;
};

/** The verdict on a sentence that somebody wrote about FTP. */
export const claimVerdicts = ["holds", "holds-with-conditions", "does-not-hold"] as const;
export type ClaimVerdict = (typeof claimVerdicts)[number];

/** The claims of a scenario, and the ids of its cells: those of other scenarios that run with it say nothing of its claims. */
export type ScenarioClaims = { readonly claims: readonly Claim[]; readonly cells: ReadonlySet<string> };

/** A sentence, with what is said to come of it. */
export type Claim = {
  readonly id: string;
  /** The sentence. */
  readonly text: string;
  readonly verdict: ClaimVerdict;
  /** Why, and under which conditions, in a sentence or two. */
  readonly because: string;
  /** What the verdict rests on; all in its favour: it holds; all against it: it does not; both: with conditions. */
  readonly evidence: readonly ClaimEvidence[];
};

/** Cells that speak for or against a claim, as long as they do as stated. */
export type ClaimEvidence = {
  readonly speaks: "for" | "against";
  /** Glob on the cell id, as in an expectation. */
  readonly cells: string;
  readonly result: Result;
  /** `null` unless `result` is `failed`. */
  readonly stage: Stage | null;
  /** `null`: any cause will do. */
  readonly cause: CauseId | null;
};

/** The verdict that evidence amounts to. */
export function verdictOn(evidence: readonly Pick<ClaimEvidence, "speaks">[]): ClaimVerdict {
  const isFor = evidence.some(({ speaks }) => speaks === "for");
  const isAgainst = evidence.some(({ speaks }) => speaks === "against");
  if (isFor && isAgainst) return "holds-with-conditions";
  return isAgainst ? "does-not-hold" : "holds";
}
