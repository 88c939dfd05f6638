import { join } from "node:path";
import { createReporters, createRunFolder, systemClock } from "../../reports";
import type { EvidencePolicy } from "../evidence/store";
import { connectEngine } from "../lab/engine";
import { prepareTestcontainers } from "../lab/testcontainers-environment";
import { exitCodes } from "../model/errors";
import type { RunEvent } from "../model/events";
import type { MatrixReport } from "../model/report";
import { projectRoot } from "./catalog";
import { checkOwn, selectWithOwn, type OwnFiles } from "./own-setup";
import { claimsOf, type CellChoice } from "./select-cells";
import { interruptible } from "./signals";

/** Options of `run`, as the command line gives them. */
export type RunOptions = OwnFiles & {
  readonly choice: CellChoice;
  readonly repeatEach: number;
  readonly retries: number;
  readonly failFast: boolean;
  readonly workers: number;
  readonly keepLab: boolean;
  readonly evidence: EvidencePolicy;
  readonly output: string | undefined;
  readonly reporters: readonly string[];
  readonly argv: readonly string[];
};

/** `run`: everything that can be wrong with the input is found before anything is started. */
export async function runCommand(options: RunOptions): Promise<number> {
  const selection = selectWithOwn(options.choice, options);
  const { catalog, planned } = selection;
  const claims = claimsOf(options.choice, catalog);
  const reporters = createReporters(options.reporters, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: systemClock,
    atExit: (action) => process.once("exit", action),
  });
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  // Testcontainers reads its variables when it is loaded, and is too heavy for commands that start nothing.
  const { makeRunId, runMatrix } = await import("../run/run-matrix");
  await checkOwn(engine, selection);
  const id = makeRunId(new Date());
  const folder = await createRunFolder(join(projectRoot, "reports", "out"), id, options.output);
  const onEvent = (event: RunEvent): void => {
    for (const reporter of reporters) reporter.onEvent(event);
  };
  const interrupt = interruptible(() => {
    onEvent({ kind: "notice", text: "interrupted: cleaning up; once more ends at once" });
  });
  try {
    const report = await runMatrix(
      { id, planned, claims, ...catalog, ...options, folder },
      engine,
      onEvent,
      interrupt.signal,
    );
    onEvent({ kind: "run-finished", report, folder });
    return exitCodeOf(report);
  } finally {
    for (const reporter of reporters) await reporter.close?.();
    interrupt.release();
  }
}

/** A broken lab outweighs an unexpected cell: what was measured beside it may be its fault. */
function exitCodeOf({ run, summary, claims }: MatrixReport): number {
  if (run.interrupted) return exitCodes.interrupted;
  if (summary.outcomes["lab-error"] > 0 || summary.controls.failed > 0) return exitCodes.lab;
  const isContradicted = claims.some(({ outcome }) => outcome === "contradicted");
  return summary.outcomes.unexpected > 0 || isContradicted ? exitCodes.unexpected : exitCodes.expected;
}
