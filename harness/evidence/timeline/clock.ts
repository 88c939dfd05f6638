import type { CellEvidence } from "../../model/evidence";

/** Seconds since the epoch → ms since the session's start. */
export function sinceStart({ attempt: { startedAt } }: CellEvidence): (at: number) => number {
  // Epoch seconds hold microseconds and no more.
  return (at) => Math.round((at - startedAt) * 1e6) / 1000;
}

/** Recordings of version 1.0 know not when the session began. */
export function hasClock({ attempt: { startedAt } }: CellEvidence): boolean {
  return startedAt > 0;
}
