import type { CellResult } from "./cell";
import type { Outcome, Result } from "./axes";
import type { NetworkPicture } from "./picture";
import type { Claim, ClaimEvidence } from "./scenario";
import type { Example } from "./story";

/** Version of the shape of `report.json`; a reader refuses a major version it does not know. */
export const reportSchemaVersion = "1.4";

/** A negative control: a check at a lab's start that the lab can fail, so that its passes mean something. */
export type ControlResult = {
  /** `topology/control/name`. */
  readonly id: string;
  readonly topology: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "not-applicable";
  /** What was tried and seen, in one sentence. */
  readonly detail: string;
  readonly durationMs: number;
};

/** A claim of a scenario beside the cells that ran. */
export type ClaimResult = Omit<Claim, "evidence"> & {
  /**
   * `confirmed`: every cell did as stated. `contradicted`: one did not, and the verdict is not proven. `not-shown`: none did
   * otherwise, and not every part of the evidence was run.
   */
  readonly outcome: "confirmed" | "contradicted" | "not-shown";
  readonly evidence: readonly (Omit<ClaimEvidence, "cause"> & {
    /** `null`: any cause would do. */
    readonly cause: CellResult["cause"];
    /** The cells that ran, a repeated one once for each time. */
    readonly shown: readonly (Pick<CellResult, "id" | "result" | "stage" | "cause"> & { readonly asStated: boolean })[];
  })[];
};

/** A cause in plain words, the same for every cell that has it. */
export type CauseText = {
  readonly id: string;
  /** One sentence. */
  readonly title: string;
  /** The symptom, as a user sees it. */
  readonly looksLike: string;
  /** The fact that it follows from. */
  readonly why: string;
};

/** What explains a run's cells beside their verdicts: made by the run, shown by the page. */
export type Background = {
  readonly networks: readonly NetworkPicture[];
  /** Those that occur, or were expected to. */
  readonly causes: readonly CauseText[];
  /** One for each pattern of cells, as far as there is room for them. */
  readonly examples: readonly Example[];
};

/**
 * What a cell came to in an earlier run: `w` worked, `f` failed, `u` was unsupported, in capitals where that was not expected; `y`
 * flaky, `x` the lab broke, `-` not run, or there was no such cell.
 */
export const historyLetters = ["w", "f", "u", "W", "F", "U", "y", "x", "-"] as const;
export type HistoryLetter = (typeof historyLetters)[number];

/** The runs before this one, oldest first. */
export type RunHistory = {
  readonly runs: readonly Pick<RunInfo, "id" | "startedAt">[];
  /** By a cell's id, a letter for each of the runs. */
  readonly cells: Readonly<Record<string, string>>;
};

export type MatrixReport = Background & {
  readonly schemaVersion: typeof reportSchemaVersion;
  readonly run: RunInfo;
  readonly summary: Summary;
  readonly controls: readonly ControlResult[];
  readonly cells: readonly CellResult[];
  /** Of all scenarios that were run; empty if they make none. */
  readonly claims: readonly ClaimResult[];
  /** Left out if nobody named an earlier run. */
  readonly history?: RunHistory | undefined;
};

/** Which part of a run that several machines share. */
export type ShardInfo = {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
  /** Cells of the whole run, times repeats. */
  readonly total: number;
  /** Where this shard's cells stand among those of the whole run, in order: `count` of them from `first` on, which counts from 0. */
  readonly places: readonly { readonly first: number; readonly count: number }[];
};

/** Where and when the run took place. */
export type RunInfo = {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Arguments after `matrix`, so that the run can be repeated. */
  readonly argv: readonly string[];
  /** Networks of the user's own: their files or folders as the command line named them, by id. Left out if there are none. */
  readonly networks?: Readonly<Record<string, string>> | undefined;
  /** The run did not come to its end; of a merged one, a shard is missing. */
  readonly interrupted: boolean;
  /** Versions that a verdict may depend on. */
  readonly versions: Readonly<Record<string, string>>;
  /** How long each lab was up, in ms, by its id: what the next run's shards are balanced by. */
  readonly labs?: Readonly<Record<string, number>> | undefined;
  /** Left out if the run was a whole one. */
  readonly shard?: ShardInfo | undefined;
};

export type Summary = {
  readonly total: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly results: Readonly<Record<Result, number>>;
  readonly controls: { readonly passed: number; readonly failed: number; readonly notApplicable: number };
};
