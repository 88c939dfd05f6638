import type { Attempt, PlannedCell } from "../../harness/model/cell";
import type { CauseId } from "../../harness/model/diagnosis";
import { makeCell } from "./cells";

/** A session that worked, but for what is said. */
export function makeAttempt(change: Partial<Attempt> = {}): Attempt {
  return {
    result: "worked",
    stage: null,
    message: null,
    replyCode: null,
    startedAt: 1_700_000_000,
    durationMs: 100,
    stages: [],
    transcript: [],
    transfers: [],
    output: [],
    redraws: 0,
    ...change,
  };
}

/** A session that failed at a stage. */
export function makeFailure(stage: NonNullable<Attempt["stage"]>, change: Partial<Attempt> = {}): Attempt {
  return makeAttempt({ result: "failed", stage, message: `${stage} failed`, ...change });
}

/** A cell that is expected to work, or to fail at a stage and, where one is said, for a cause. */
export function makePlanned(stage: Attempt["stage"] = null, cause: CauseId | null = null): PlannedCell {
  const result = stage === null ? "worked" : "failed";
  return { cell: makeCell(), expected: { result, stage, cause, reason: "It is so." } };
}
