import type { Outcome } from "../model/axes";
import type { Attempt, CellResult, ExpectedResult, PlannedCell } from "../model/cell";
import type { CauseId, Diagnosis } from "../model/diagnosis";
import type { CellEvidence } from "../model/evidence";

/** Whether a session did what was expected: the same result, and where it failed, at the same stage. */
export function isAsExpected(attempt: Pick<Attempt, "result" | "stage">, expected: ExpectedResult): boolean {
  if (expected.unpredicted === true) return true;
  return attempt.result === expected.result && attempt.stage === expected.stage;
}

/** The facts for a verdict. */
export type Grounds = {
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly evidence: CellEvidence;
  readonly diagnosis: Diagnosis;
  /** Where the witnesses disagree, one sentence each. */
  readonly contradictions: readonly string[];
  /** Why the machine was too slow for a verdict; `null` if it was not. */
  readonly overload: string | null;
};

/** The root of a failure; `null` if there is nothing to explain. */
export function causeOf({ findings: [root] }: Diagnosis): CauseId | null {
  return root?.cause ?? null;
}

/** Expected in the end but not at first is `flaky`. */
export function outcomeOf(
  { attempts, evidence, diagnosis }: Omit<Grounds, "contradictions" | "overload">,
  expected: ExpectedResult,
): Outcome {
  const last = attempts.at(-1);
  if (last === undefined) return "skipped";
  if (!isAsExpected(last, expected)) return "unexpected";
  // A cause that rests on incomplete evidence decides nothing.
  const cause = causeOf(diagnosis);
  if (expected.cause !== null && cause !== expected.cause && evidence.missing.length === 0) return "unexpected";
  return attempts.length === 1 ? "expected" : "flaky";
}

/**
 * The verdict on a cell that was run; its evidence files are not known yet. Where the witnesses disagree the lab is broken, and the
 * session proves nothing.
 */
export function judge(planned: PlannedCell, grounds: Grounds, repeat: number): CellResult {
  const { attempts, diagnosis, contradictions, overload } = grounds;
  if (overload !== null) {
    const verdict = notRun(planned, "lab-error", overload, repeat);
    return { ...verdict, attempts: attempts.length, durationMs: durationOf(attempts) };
  }
  const [contradiction] = contradictions;
  if (contradiction !== undefined) {
    const more = contradictions.length > 1 ? ` (and ${contradictions.length - 1} more)` : "";
    const verdict = notRun(planned, "lab-error", `The witnesses disagree: ${contradiction}${more}`, repeat);
    return { ...verdict, attempts: attempts.length, durationMs: durationOf(attempts) };
  }
  const last = attempts.at(-1);
  return {
    ...planned.cell,
    result: last?.result ?? "not-run",
    stage: last?.stage ?? null,
    cause: causeOf(diagnosis),
    outcome: outcomeOf(grounds, planned.expected),
    expected: describeExpected(planned.expected, {
      result: last?.result ?? "not-run",
      stage: last?.stage ?? null,
      cause: causeOf(diagnosis),
    }),
    durationMs: durationOf(attempts),
    message: last?.message ?? null,
    replyCode: last?.replyCode ?? null,
    attempts: attempts.length,
    repeat,
    evidence: [],
  };
}

/** Where nothing is predicted, what happened is reported as expected, with the reason. */
function describeExpected(
  { unpredicted, ...expected }: ExpectedResult,
  happened: Pick<ExpectedResult, "result" | "stage" | "cause">,
): ExpectedResult {
  return unpredicted === true ? { ...expected, ...happened } : expected;
}

function durationOf(attempts: readonly Attempt[]): number {
  return attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0);
}

/** The verdict on a cell that was not run, or whose session proves nothing: the lab broke, or the run was stopped. */
export function notRun(
  planned: PlannedCell,
  outcome: "lab-error" | "skipped",
  message: string,
  repeat: number,
): CellResult {
  return {
    ...planned.cell,
    result: "not-run",
    stage: null,
    cause: null,
    outcome,
    expected: describeExpected(planned.expected, { result: "not-run", stage: null, cause: null }),
    durationMs: 0,
    message,
    replyCode: null,
    attempts: 0,
    repeat,
    evidence: [],
  };
}
