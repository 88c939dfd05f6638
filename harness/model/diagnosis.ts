/** Why a cell failed, or why it worked, with the proof. */

import type { FirstBreak } from "./first-break";
import { causeIds, type CauseId } from "./ids";
import type { Proof } from "./proof";

export { causeIds, type CauseId };
export type { Proof };

/** Who can cure a cause. */
export type Party = "server admin" | "network admin" | "user";

/** What one party can do, as it is printed, with lines that can be pasted. */
export type PrintedRemedy = {
  /** By which reports and `prove` name it. */
  readonly id: string;
  readonly party: Party;
  /** One sentence. */
  readonly what: string;
  /** Directives, rules or options, line by line; a line `# on NODE` or `# in ...` says where the next ones belong. */
  readonly lines: readonly string[];
};

/**
 * How sure a cause is. `proven`: its remedy was applied in the lab and the cell worked (`prove`, `reproduce`, `explain --prove`).
 * `shown`: the break is on record, and belongs to one cause; a run of the matrix says no more than that. `likely`: it follows from what
 * was seen. `possible`: it would explain what was seen, and so would others.
 */
export const confidences = ["proven", "shown", "likely", "possible"] as const;
export type Confidence = (typeof confidences)[number];

/** One cause that would explain the failure. */
export type Finding = {
  readonly cause: CauseId;
  readonly confidence: Confidence;
  /** One or two sentences on this very cell. */
  readonly explanation: string;
  readonly proofs: readonly Proof[];
  readonly remedies: readonly PrintedRemedy[];
};

/** Ranked, root first; a cell that worked has none, and one that failed has at least `unknown`. */
export type Diagnosis = {
  readonly findings: readonly Finding[];
  /** Where a failed session broke first; `null` if it did not fail, or if that is unknown. */
  readonly firstBreak: FirstBreak | null;
  /** For a cell that worked: what opened the way; else `null`. */
  readonly whyItWorked: string | null;
  readonly proofs: readonly Proof[];
};
