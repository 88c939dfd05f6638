import { createReporters, defaultReporters, systemClock, type ReporterContext } from "../../reports";
import { exitCodes } from "../model/errors";
import type { Reporter, RunEvent } from "../model/events";
import { reportFormNames } from "../model/ids";
import { interruptible } from "./signals";

/** The reporters of these names on this process's streams; those that have a reader where nobody chose. */
export function reportersHere(
  names: readonly string[] | undefined,
  stdout: ReporterContext["stdout"] = process.stdout,
): readonly Reporter[] {
  return createReporters(names ?? defaultReporters(process.env), {
    stdout,
    stderr: process.stderr,
    env: process.env,
    clock: systemClock,
    atExit: (action) => process.once("exit", action),
  });
}

/** Does a run's work: its reporters hear of it, Ctrl-C stops it, and both are over when it has ended, one way or the other. */
export async function reportedBy<Value>(
  reporters: readonly Reporter[],
  work: (onEvent: (event: RunEvent) => void, signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const onEvent = (event: RunEvent): void => {
    for (const reporter of reporters) reporter.onEvent(event);
  };
  const interrupt = interruptible(() => {
    onEvent({ kind: "notice", text: "interrupted: cleaning up; once more ends at once" });
  });
  try {
    return await work(onEvent, interrupt.signal);
  } finally {
    for (const reporter of reporters) await reporter.close?.();
    interrupt.release();
  }
}

/** The exit code of a run whose reporters are closed: a report that is not where it was to be is no success. */
export function exitCodeAfter(reporters: readonly Reporter[], exitCode: number): number {
  const isLost = reporters.some(({ name, hasFailed }) => hasFailed === true && isReportForm(name));
  return isLost && exitCode !== exitCodes.interrupted ? exitCodes.lab : exitCode;
}

function isReportForm(name: string): boolean {
  return reportFormNames.some((form) => form === name);
}
