import { createRunFolder } from "../../reports";
import type { EvidencePolicy } from "../evidence/recording/store";
import { connectEngine } from "../lab/engine";
import { prepareTestcontainers } from "../lab/testcontainers-environment";
import type { PlannedCell } from "../model/cell";
import type { ShardInfo } from "../model/report";
import { hostsOf, labId } from "../plan/labs";
import type { Catalog } from "../plan/planned-cells";
import { shardOf, type Shard } from "../plan/shards";
import { makeRunId } from "../run/run-id";
import { exitCodeOf } from "./exit-code";
import { reportsFolder } from "../lab/project";
import { readReport } from "../../reports/read-report";
import { reportedBy, reportersHere } from "./reporters";
import { checkUserFiles, selectWithUserFiles, type UserFiles } from "./user-setup";
import { claimsOf, type CellChoice } from "./select-cells";
import { refuseWithoutScenario, updateExpected } from "./update-expected";

/** Options of `run`, as the command line gives them. */
export type RunOptions = UserFiles & {
  readonly choice: CellChoice;
  readonly repeatEach: number;
  readonly retries: number;
  readonly failFast: boolean;
  readonly workers: number;
  readonly keepLab: boolean;
  readonly evidence: EvidencePolicy;
  readonly output: string | undefined;
  /** Left out: those that have a reader. */
  readonly reporters: readonly string[] | undefined;
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
  const selection = selectWithUserFiles(options.choice, options);
  const { catalog } = selection;
  const { planned, info: shard } = shardHere(selection.planned, catalog, options);
  const claims = claimsOf(options.choice, catalog);
  const reporters = reportersHere(options.reporters);
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  // Testcontainers reads its variables when it is loaded, and is too heavy for commands that start nothing.
  const { runMatrix } = await import("../run/run-matrix.ts");
  await checkUserFiles(engine, selection);
  const id = makeRunId(new Date());
  const folder = await createRunFolder(reportsFolder, id, options.output);
  return reportedBy(reporters, async (onEvent, signal) => {
    const report = await runMatrix(
      { id, claims, ...catalog, ...options, planned, shard, folder },
      engine,
      onEvent,
      signal,
    );
    onEvent({ kind: "run-finished", report, folder });
    if (options.updateExpected) updateExpected(report, options.choice, catalog);
    return exitCodeOf(report);
  });
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
