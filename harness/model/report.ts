import type { CellResult } from "./cell";
import type { Outcome, Result } from "./axes";

/** Version of the shape of `report.json`; a reader refuses a major version it does not know. */
export const reportSchemaVersion = "1.0";

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

export type MatrixReport = {
  readonly schemaVersion: typeof reportSchemaVersion;
  readonly run: RunInfo;
  readonly summary: Summary;
  readonly controls: readonly ControlResult[];
  readonly cells: readonly CellResult[];
};

/** Where and when the run took place. */
export type RunInfo = {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Arguments after `matrix`, so that the run can be repeated. */
  readonly argv: readonly string[];
  readonly interrupted: boolean;
  /** Versions that a verdict may depend on. */
  readonly versions: Readonly<Record<string, string>>;
};

export type Summary = {
  readonly total: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly results: Readonly<Record<Result, number>>;
  readonly controls: { readonly passed: number; readonly failed: number; readonly notApplicable: number };
};
