/** Why a cell failed, or why it worked, with the proof. */

import { causeIds, type CauseId } from "./ids";

export { causeIds, type CauseId };

/** Who can cure a cause. */
export type Party = "server admin" | "network admin" | "user";

/** What one party can do, as it is told: written so that it can be pasted. */
export type PrintedRemedy = {
  /** By which reports and `prove` name it. */
  readonly id: string;
  readonly party: Party;
  /** One sentence. */
  readonly what: string;
  /** Directives, rules or options, line by line; a line `# on NODE` or `# in ...` says where the next ones belong. */
  readonly lines: readonly string[];
};

/** A piece of evidence that a verdict rests on, in the words of whoever saw it. */
export type Proof = {
  /** `client`, `server`, or a router's id. */
  readonly witness: string;
  readonly text: string;
};

/** One cause that would explain the failure. */
export type Finding = {
  readonly cause: CauseId;
  /** `proven`: seen in evidence. `likely`: follows from what was seen. */
  readonly confidence: "proven" | "likely";
  /** One or two sentences on this very cell. */
  readonly explanation: string;
  readonly proofs: readonly Proof[];
  readonly remedies: readonly PrintedRemedy[];
};

/** Ranked, root first; a cell that worked has none, and one that failed has at least `unknown`. */
export type Diagnosis = {
  readonly findings: readonly Finding[];
  /** For a cell that worked: what opened the way; else `null`. */
  readonly whyItWorked: string | null;
  readonly proofs: readonly Proof[];
};
