import type { EvidencePolicy } from "../evidence/recording/store";
import type { RunningLab, RunSite } from "../lab/lab-port";
import type { ShardInfo } from "../model/report";
import type { ScenarioClaims } from "../model/scenario";
import type { RunCells } from "../plan/jobs";

/** What to run and how. */
export type MatrixRun = {
  readonly id: string;
  /** What the user typed after `matrix`. */
  readonly argv: readonly string[];
  /** Networks of the user's own among the cells', by id: their files or folders as the command line named them. */
  readonly networks?: Readonly<Record<string, string>>;
  /** Which part of a run these cells are; left out: all of it. */
  readonly shard?: ShardInfo | undefined;
  readonly cells: RunCells;
  /** Claims that the cells are to prove, beside their own expectations. Left out: none. */
  readonly claims?: readonly ScenarioClaims[];
  readonly settings: RunSettings;
  readonly output: RunOutput;
  readonly hooks?: RunHooks;
};

/** How often cells are run, and how many at a time. */
export type RunSettings = {
  readonly repeatEach: number;
  readonly retries: number;
  /** Stop after the first unexpected cell. */
  readonly failFast: boolean;
  /** Sessions that work at the same time; those that only wait are not counted. */
  readonly workers: number;
  readonly keepLab: boolean;
  /**
   * * Which packets are traced in nodes without rules of their own. `decisions`, where left out: which rules each SYN met in a router, and
   * what it dropped. `everything`: the whole way of every packet, through hosts too.
   */
  readonly trace?: "decisions" | "everything";
};

/** What is kept of a run. */
export type RunOutput = {
  /** Where evidence is written. */
  readonly folder: string;
  readonly evidence: EvidencePolicy;
  /** Whether the report tells some cells in full, for its page. */
  readonly tellsExamples: boolean;
};

/** What is done beside running the cells. */
export type RunHooks = {
  /** Checks the user's own files while the first labs start. Cells wait for it; if it throws, the run ends with that error. */
  readonly check?: (site: RunSite) => Promise<void>;
  /** Changes each lab after its controls and before its cells. */
  readonly beforeCells?: (lab: RunningLab) => Promise<void>;
};

/** Each cell once, in labs that are gone afterwards. */
export function onceEach(workers: number): RunSettings {
  return { repeatEach: 1, retries: 0, failFast: false, workers, keepLab: false };
}
