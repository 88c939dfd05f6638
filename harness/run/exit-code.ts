import { exitCodes } from "../model/errors";
import type { MatrixReport } from "../model/report";

/** How a run ends. A broken lab outweighs an unexpected cell: what was measured beside it may be its fault. */
export function exitCodeOf({ run, summary, claims }: MatrixReport): number {
  if (run.interrupted) return exitCodes.interrupted;
  if (summary.outcomes["lab-error"] > 0 || summary.controls.failed > 0) return exitCodes.lab;
  const isContradicted = claims.some(({ outcome }) => outcome === "contradicted");
  return summary.outcomes.unexpected > 0 || isContradicted ? exitCodes.unexpected : exitCodes.expected;
}
