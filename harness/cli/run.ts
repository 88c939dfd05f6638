import { join } from "node:path";
import { createReporters, createRunFolder, defaultReporters, systemClock } from "../../reports";
import type { EvidencePolicy } from "../evidence/store";
import { visible } from "../../reports/escape";
import { connectEngine, type Engine } from "../lab/engine";
import { prepareTestcontainers } from "../lab/testcontainers-environment";
import { exitCodes } from "../model/errors";
import type { RunEvent } from "../model/events";
import type { MatrixReport } from "../model/report";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { loadCatalog, projectRoot } from "./catalog";
import { ownProfile, withOwnConfiguration } from "./own-configuration";
import { withRouterRules } from "./router-rules";
import { claimsOf, selectCells, type CellChoice } from "./select-cells";
import { interruptible } from "./signals";

/** Options of `run`, as the command line gives them. */
export type RunOptions = {
  readonly choice: CellChoice;
  readonly repeatEach: number;
  readonly retries: number;
  readonly failFast: boolean;
  readonly workers: number;
  readonly keepLab: boolean;
  /** `FILE` or `ROUTER=FILE`. */
  readonly routerRules: readonly string[];
  readonly evidence: EvidencePolicy;
  readonly output: string | undefined;
  /** Left out: those that have a reader. */
  readonly reporters: readonly string[] | undefined;
  /** File of a user's own server configuration. */
  readonly serverConfig: string | undefined;
  readonly argv: readonly string[];
};

/** `run`: everything that can be wrong with the input is found before anything is started. */
export async function runCommand(options: RunOptions): Promise<number> {
  const project = withOwnConfiguration(loadCatalog(), options.serverConfig);
  const selected = selectCells(options.choice, project);
  const topologies = new Set(selected.map(({ cell }) => cell.topology));
  const catalog = withRouterRules(project, topologies, options.routerRules);
  // With rules of a user's own other things are expected of the same cells.
  const planned = catalog === project ? selected : selectCells(options.choice, catalog);
  const claims = claimsOf(options.choice, catalog);
  const own = options.serverConfig === undefined ? null : ownProfile(planned, catalog);
  const reporters = createReporters(options.reporters ?? defaultReporters(process.env), {
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
  if (own !== null) await checkOwn(engine, own, catalog.topologies.get(planned[0]?.cell.topology ?? ""));
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

/** Has a user's configuration checked by the server itself, and tells what the lab takes over of it. */
async function checkOwn(engine: Engine, profile: ServerProfile, topology: Topology | undefined): Promise<void> {
  if (topology === undefined) throw new Error("no topology to check a configuration with");
  const { checkOwnConfiguration } = await import("../run/check-own-configuration");
  const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
  const changed = await checkOwnConfiguration(engine, { topology, profile }, tell);
  for (const { line, text } of changed)
    tell(`${profile.own?.file ?? ""}:${String(line)}: the lab takes over: ${visible(text)}`);
}

/** A broken lab outweighs an unexpected cell: what was measured beside it may be its fault. */
function exitCodeOf({ run, summary, claims }: MatrixReport): number {
  if (run.interrupted) return exitCodes.interrupted;
  if (summary.outcomes["lab-error"] > 0 || summary.controls.failed > 0) return exitCodes.lab;
  const isContradicted = claims.some(({ outcome }) => outcome === "contradicted");
  return summary.outcomes.unexpected > 0 || isContradicted ? exitCodes.unexpected : exitCodes.expected;
}
