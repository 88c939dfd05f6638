import { createRunFolder } from "../../reports";
import type { EvidencePolicy } from "../evidence/store";
import { visible } from "../../reports/escape";
import { connectEngine, type Engine } from "../lab/engine";
import { prepareTestcontainers } from "../lab/testcontainers-environment";
import type { PlannedCell } from "../model/cell";
import type { RunEvent } from "../model/events";
import type { ShardInfo } from "../model/report";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { hostsOf, labId } from "../plan/labs";
import type { Catalog } from "../plan/planned-cells";
import { shardOf, type Shard } from "../plan/shards";
import { makeRunId } from "../run/run-id";
import { loadCatalog } from "./catalog";
import { ownProfile, withOwnConfiguration } from "./own-configuration";
import { exitCodeOf } from "./exit-code";
import { readReport, reportsFolder } from "./read-report";
import { reportersHere } from "./reporters";
import { withRouterRules } from "./router-rules";
import { claimsOf, selectCells, type CellChoice } from "./select-cells";
import { interruptible } from "./signals";
import { refuseWithoutScenario, updateExpected } from "./update-expected";

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
  /** This machine's share of the run. */
  readonly shard: Shard | undefined;
  /** Folder of the run whose durations balance the shards. */
  readonly durations: string | undefined;
  /** Write surprises into the scenario files as what is expected. */
  readonly updateExpected: boolean;
  readonly argv: readonly string[];
};

/** `run`: everything that can be wrong with the input is found before anything is started. */
export async function runCommand(options: RunOptions): Promise<number> {
  if (options.updateExpected) refuseWithoutScenario(options.choice);
  const project = withOwnConfiguration(loadCatalog(), options.serverConfig);
  const selected = selectCells(options.choice, project);
  const topologies = new Set(selected.map(({ cell }) => cell.topology));
  const catalog = withRouterRules(project, topologies, options.routerRules);
  // With rules of a user's own other things are expected of the same cells.
  const chosen = catalog === project ? selected : selectCells(options.choice, catalog);
  const { planned, info: shard } = shardHere(chosen, catalog, options);
  const claims = claimsOf(options.choice, catalog);
  const own = options.serverConfig === undefined ? null : ownProfile(chosen, catalog);
  const reporters = reportersHere(options.reporters);
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  // Testcontainers reads its variables when it is loaded, and is too heavy for commands that start nothing.
  const { runMatrix } = await import("../run/run-matrix");
  if (own !== null) await checkOwn(engine, own, catalog.topologies.get(chosen[0]?.cell.topology ?? ""));
  const id = makeRunId(new Date());
  const folder = await createRunFolder(reportsFolder, id, options.output);
  const onEvent = (event: RunEvent): void => {
    for (const reporter of reporters) reporter.onEvent(event);
  };
  const interrupt = interruptible(() => {
    onEvent({ kind: "notice", text: "interrupted: cleaning up; once more ends at once" });
  });
  try {
    const report = await runMatrix(
      { id, claims, ...catalog, ...options, planned, shard, folder },
      engine,
      onEvent,
      interrupt.signal,
    );
    onEvent({ kind: "run-finished", report, folder });
    if (options.updateExpected) updateExpected(report, options.choice, catalog);
    return exitCodeOf(report);
  } finally {
    for (const reporter of reporters) await reporter.close?.();
    interrupt.release();
  }
}

/** The cells of this machine's share, where the run is shared. */
function shardHere(
  chosen: readonly PlannedCell[],
  { profiles }: Catalog,
  { shard, durations, repeatEach }: RunOptions,
): { readonly planned: readonly PlannedCell[]; readonly info?: ShardInfo } {
  if (shard === undefined) return { planned: chosen };
  const known = durations === undefined ? {} : (readReport(durations).run.labs ?? {});
  const labOf = ({ cell }: PlannedCell): string => labId(cell.topology, hostsOf(cell, profiles));
  return shardOf(chosen, { shard, labOf, repeatEach, durations: known });
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
