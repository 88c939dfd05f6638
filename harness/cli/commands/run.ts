import { availableParallelism, loadavg } from "node:os";
import { Option } from "@commander-js/extra-typings";
import { createRunFolder } from "../../../reports";
import { reporterHelp } from "../../../reports/reporter-names";
import { evidencePolicies } from "../../evidence/recording/store";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import type { PlannedCell } from "../../model/cell";
import type { ShardInfo } from "../../model/report";
import { hostsOf, labId } from "../../plan/labs";
import { shardOf } from "../../plan/shards";
import type { MatrixRun } from "../../run/matrix-run";
import { makeRunId } from "../../run/run-id";
import { exitCodeOf } from "../../run/exit-code";
import { reportsFolder } from "../../lab/project";
import { readReport } from "../../../reports/read-report";
import { exitCodeAfter, reportedBy, reportersHere } from "../reporters";
import { parseShard, wholeNumber } from "../../tools/option-values";
import { cellsCommand, choiceOf, type CellChoice } from "../cell-choice";
import { checkUserFiles } from "../cell-setup";
import type { DeclareCommand } from "../command";
import { selectCells, type Selection } from "../select-cells";
import { refuseWithoutScenario, updateExpected } from "../update-expected";
import { mapOption, routerRulesOption, serverConfigOption } from "../user-files";
import { defaultWorkers } from "../workers";

/** `run` with its options. */
function declareRun() {
  return cellsCommand("run")
    .summary("run cells and write the matrix (the default)")
    .description("run cells and write the matrix (the default command)")
    .addOption(routerRulesOption)
    .addOption(mapOption)
    .addOption(serverConfigOption)
    .option("--repeat-each <n>", "run each cell n times", wholeNumber(1, 10_000), 1)
    .option(
      "--retries <n>",
      "run an unexpected cell again, up to n times; if it is then as expected, it is flaky",
      wholeNumber(0, 100),
      0,
    )
    .option("-x, --fail-fast", "stop after the first unexpected cell")
    .option("-j, --workers <n>", "sessions that may work at the same time", wholeNumber(1, 1000), defaultWorkers)
    .option("--output <dir>", "put the report straight into this folder")
    .option("--reporter <names>", reporterHelp)
    .addOption(
      new Option(
        "--evidence <when>",
        "which cells keep their evidence; with off, only the client is heard and causes are guesses",
      )
        .choices(evidencePolicies)
        .default("retain-on-unexpected"),
    )
    .option("--shard <i/n>", "run share i of n of the labs; `merge` joins the shares", parseShard)
    .option(
      "--durations <dir>",
      "folder of an earlier run, whose durations balance the shards; give every shard the same",
    )
    .option("--update-expected", "write what unexpected cells did into their scenario file, as the new expectation")
    .option("--keep-lab", "leave the containers running afterwards (`clean` removes them)");
}

type RunOptions = ReturnType<ReturnType<typeof declareRun>["opts"]>;

export const command: DeclareCommand = ({ argv, finish, commandNames }) =>
  declareRun().action(async (sources, options) => {
    finish(await runCommand(choiceOf(sources, options, commandNames), options, argv));
  });

/** `run`: everything that can be wrong with the input is found before anything is started. */
async function runCommand(choice: CellChoice, options: RunOptions, argv: readonly string[]): Promise<number> {
  if (options.updateExpected === true) refuseWithoutScenario(choice);
  const selection = selectCells(choice, options);
  const { planned, info: shard } = shardHere(selection, options);
  const reporters = reportersHere(options.reporter?.split(","));
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  // Testcontainers reads its variables when it is loaded, and is too heavy for commands that start nothing.
  const { runMatrix } = await import("../../run/run-matrix.ts");
  const { busyWarning } = await import("../../run/overload.ts");
  const load = { running: loadavg()[0] ?? 0, processors: availableParallelism() };
  const warning = busyWarning(load, options.workers);
  if (warning !== null) process.stderr.write(`${warning}\n`);
  await checkUserFiles(engine, selection);
  const id = makeRunId(new Date());
  const folder = await createRunFolder(reportsFolder, id, options.output);
  const exitCode = await reportedBy(reporters, async (onEvent, signal) => {
    const run: MatrixRun = {
      id,
      argv,
      shard,
      ...(Object.keys(selection.networks).length === 0 ? {} : { networks: selection.networks }),
      cells: { planned, topologies: selection.catalog.topologies, profiles: selection.catalog.profiles },
      claims: selection.claims,
      settings: {
        repeatEach: options.repeatEach,
        retries: options.retries,
        failFast: options.failFast ?? false,
        workers: options.workers,
        keepLab: options.keepLab ?? false,
      },
      output: { folder, evidence: options.evidence, tellsExamples: true },
    };
    const report = await runMatrix(run, engine, onEvent, signal);
    onEvent({ kind: "run-finished", report, folder });
    if (options.updateExpected === true) updateExpected(report, selection);
    return exitCodeOf(report);
  });
  return exitCodeAfter(reporters, exitCode);
}

/** The cells of this machine's share, where the run is shared. */
function shardHere(
  { planned: chosen, catalog }: Selection,
  { shard, durations, repeatEach }: RunOptions,
): { readonly planned: readonly PlannedCell[]; readonly info?: ShardInfo } {
  if (shard === undefined) return { planned: chosen };
  const known = durations === undefined ? {} : (readReport(durations).run.labs ?? {});
  const labOf = ({ cell }: PlannedCell): string => labId(cell.topology, hostsOf(cell, catalog.profiles));
  return shardOf(chosen, { shard, labOf, repeatEach, durations: known });
}
