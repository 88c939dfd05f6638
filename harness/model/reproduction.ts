/** The results of a report's variants. */
import type { BugScenario, BugVariant } from "./bug";
import type { Attempt, CellResult } from "./cell";
import type { Diagnosis } from "./diagnosis";
import type { CellEvidence } from "./evidence";
import type { TakenOver } from "./server-profile";

/** One session of a variant, with what its client told and what the witnesses say of it; `null` if that was not recorded. */
export type VariantSession = {
  readonly result: CellResult;
  readonly attempt: Attempt | null;
};

export type VariantVerdict = {
  /** The first thing that is other than it must be, as a clause; `null` if all is as it must be. */
  readonly difference: string | null;
  /** How many sessions were as they must be. */
  readonly shown: number;
  readonly runs: number;
  /** The reported session: one that differs if there is one, else the first that is as it must be. */
  readonly told: VariantSession | null;
};

/** What a change does to another mode or data command than the report's own. */
export type SideEffect = { readonly before: CellResult; readonly after: CellResult };

export type VariantReport = {
  readonly variant: BugVariant;
  /** `null` if it was not run. */
  readonly verdict: VariantVerdict | null;
  /** Why it was not run; `null` if it was. */
  readonly skipped: string | null;
  /** Of the reported session. */
  readonly diagnosis: Diagnosis | null;
  readonly evidence: CellEvidence | null;
  /** What works with the reported set-up and not with this one, and the other way round; of all that were compared. */
  readonly breaks: readonly SideEffect[];
  readonly cures: readonly SideEffect[];
  readonly compared: number;
};

/** A line of a configuration in the report that the lab's server did not get, with its place: `br-58.yaml (config):3`. */
export type ReplacedLine = Pick<TakenOver, "text" | "kind"> & { readonly place: string };

export type Reproduction = {
  readonly bug: BugScenario;
  readonly variants: readonly VariantReport[];
  /** Whether the variant `reported` showed what it must; `null` if it was not run, and then nothing is cured either. */
  readonly reproduced: boolean | null;
  /** In the order of the variants, each line once. */
  readonly replaced: readonly ReplacedLine[];
  readonly durationMs: number;
  /** Versions that a verdict may depend on. */
  readonly versions: Readonly<Record<string, string>>;
  /** The lab could not be built or broke, or the run was stopped: no verdict. */
  readonly labErrors: readonly string[];
  readonly interrupted: boolean;
};
