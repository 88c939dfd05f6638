import type { Outcome } from "../model/axes";
import type { Attempt, CellResult, ExpectedResult, PlannedCell } from "../model/cell";

/** Whether a session did what was expected: the same result, and where it failed, at the same stage. */
export function isAsExpected(attempt: Pick<Attempt, "result" | "stage">, expected: ExpectedResult): boolean {
  return attempt.result === expected.result && attempt.stage === expected.stage;
}

/** Outcome of a cell's attempts, oldest first: expected in the end but not at first is `flaky`. */
export function outcomeOf(attempts: readonly Attempt[], expected: ExpectedResult): Outcome {
  const last = attempts.at(-1);
  if (last === undefined) return "skipped";
  if (!isAsExpected(last, expected)) return "unexpected";
  return attempts.length === 1 ? "expected" : "flaky";
}

/** The verdict on a cell that was run. */
export function judge(
  planned: PlannedCell,
  attempts: readonly Attempt[],
  repeat: number,
  evidence: readonly string[],
): CellResult {
  const last = attempts.at(-1);
  return {
    ...planned.cell,
    result: last?.result ?? "not-run",
    stage: last?.stage ?? null,
    cause: null,
    outcome: outcomeOf(attempts, planned.expected),
    expected: planned.expected,
    durationMs: attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0),
    message: last?.message ?? null,
    replyCode: last?.replyCode ?? null,
    attempts: attempts.length,
    repeat,
    evidence,
  };
}

/** The verdict on a cell that was not run, or whose session proves nothing: the lab broke, or the run was stopped. */
export function notRun(
  planned: PlannedCell,
  outcome: "lab-error" | "skipped",
  message: string,
  repeat: number,
): CellResult {
  return { ...judge(planned, [], repeat, []), outcome, message };
}
