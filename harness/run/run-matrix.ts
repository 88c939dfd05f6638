import type { Engine } from "../lab/engine";
import { openSite } from "../lab/open-site";
import type { RunEvent } from "../model/events";
import type { MatrixReport } from "../model/report";
import type { MatrixRun } from "./matrix-run";
import { runLabs } from "./run-labs";

/**
 * Runs cells in labs on an engine. Containers are gone when it returns or throws, unless they are to be kept.
 * @throws LabError when no lab could be built at all (no engine, no images), UsageError where a user's own file is refused
 */
export function runMatrix(
  run: MatrixRun,
  engine: Engine,
  onEvent: (event: RunEvent) => void,
  interrupt: AbortSignal,
): Promise<MatrixReport> {
  return runLabs(run, (request) => openSite(engine, request), onEvent, interrupt);
}
