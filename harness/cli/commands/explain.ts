import { Command } from "@commander-js/extra-typings";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { inToolsWords } from "../../diagnose/advise/kept/remedy-words";
import { diagnose } from "../../diagnose/diagnose";
import { readRecording } from "../../evidence/recording/read-recording";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import type { PlannedCell } from "../../model/cell";
import { exitCodes, UsageError } from "../../model/errors";
import type { Diagnosis } from "../../model/diagnosis";
import type { CellEvidence } from "../../model/evidence";
import { offersOf } from "../../diagnose/offers";
import { resultText } from "../../../reports/wording";
import { interruptible } from "../signals";
import { asProven, setupRunner, tryRemedies } from "../try-remedies";
import { latestFolder } from "../../lab/project";
import { namedCells } from "../cell-choice";
import { checkUserFiles, setupOf } from "../cell-setup";
import type { DeclareCommand } from "../command";
import { printExplanation } from "../print-explanation";
import { reportedBy, reportersHere } from "../reporters";
import { selectCells, type Selection } from "../select-cells";
import { mapOption, ownNetworkOption, routerRulesOption, serverConfigOption, type UserFiles } from "../user-files";

export const command: DeclareCommand = ({ finish }) =>
  new Command("explain")
    .summary("tell where and why a cell fails or works")
    .description("tell what happened in a cell: its stages, the decisive packet or line, the cause, the remedies")
    .argument("<cell>", "cell id")
    .option("--fresh", "run the cell again even if the last run recorded it")
    .option("--prove", "try the remedies in the lab, until one makes the cell work: the cause is proven then")
    .option("--all", "show everything, however long")
    .option("--json", "print JSON, for machines")
    .addOption(ownNetworkOption)
    .addOption(routerRulesOption)
    .addOption(mapOption)
    .addOption(serverConfigOption)
    .action(async (cell, { fresh = false, prove = false, all = false, json = false, topology, ...own }) => {
      finish(await runExplain(cell, { fresh, prove, all, json, networks: topology, ...own }));
    });

type ExplainOptions = UserFiles & {
  readonly networks: readonly string[];
  /** Everything, however many lines it takes. */
  readonly all: boolean;
  readonly json: boolean;
  /** Run the cell even if the newest run recorded it. */
  readonly fresh: boolean;
  /** Try the remedies of the root. */
  readonly prove: boolean;
};

/**
 * `explain`: why a cell fails or works, from the newest run's recording or, where that has none, from a run of its own.
 * @throws UsageError for no cell or several, NoCellError, LabError when the cell could not be run
 */
async function runExplain(cellId: string, options: ExplainOptions): Promise<number> {
  const selection = selectCells(namedCells([cellId], options.networks), options);
  const planned = oneCell(cellId, selection.planned);
  // What was recorded may have been without the user's files.
  const recorded = options.fresh || selection.hasUserFiles ? null : recordedCell(planned.cell.id);
  const evidence = recorded ?? (await runFresh(selection));
  if (evidence === null) return exitCodes.interrupted;
  const diagnosis = diagnose(evidence);
  const isProven = options.prove && (await isCured(selection, evidence, diagnosis));
  const told = inToolsWords(isProven ? asProven(diagnosis) : diagnosis, setupOf(selection).topology);
  printExplanation(evidence, told, options);
  return exitCodes.expected;
}

/** Whether a remedy of the root makes the cell work; prints what it tries. */
async function isCured(selection: Selection, evidence: CellEvidence, { findings }: Diagnosis): Promise<boolean> {
  const [root] = findings;
  if (root === undefined || evidence.attempt.result !== "failed") return false;
  const { planned, topology, server } = setupOf(selection);
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const interrupt = interruptible(() => undefined);
  try {
    const run = await setupRunner(selection, engine, interrupt.signal);
    for await (const trial of tryRemedies(
      offersOf(root.cause, evidence),
      { cell: planned.cell, topology, server },
      true,
      run,
    )) {
      const { what } = trial.offer.printed;
      if (trial.kind === "not-tried") {
        tell(`Not tried, since ${trial.why}: ${what}`);
        continue;
      }
      tell(`Tried: ${what} The cell ${resultText(trial.result)}.`);
      if (trial.result.result === "worked") return true;
    }
    tell("No remedy was proven.");
    return false;
  } finally {
    interrupt.release();
  }
}

function oneCell(cellId: string, [planned, ...others]: readonly PlannedCell[]): PlannedCell {
  if (planned !== undefined && others.length === 0) return planned;
  throw new UsageError(`\`${cellId}\` selects ${others.length + 1} cells, and explain takes one.`, {
    code: "several-cells",
    hint: "`npm run matrix -- list` with the same words shows these cells; `diagnose` covers every cell that a run recorded.",
  });
}

/** What the newest run recorded of a cell; `null` if that is nothing, or nothing that can be used. */
function recordedCell(id: string): CellEvidence | null {
  const folder = join(latestFolder, "cells", ...id.split("/"));
  if (!existsSync(join(folder, "evidence.json"))) return null;
  const shown = relative(process.cwd(), folder);
  const { evidence, problems } = readRecording(folder);
  for (const problem of problems) tell(`${shown}: ${problem}`);
  tell(
    evidence === null
      ? "The recording cannot be used; running the cell."
      : `From the recording in ${shown}; --fresh runs the cell again.`,
  );
  return evidence;
}

/** Runs a cell in a lab of its own; `null` when interrupted. */
async function runFresh(selection: Selection): Promise<CellEvidence | null> {
  const { planned, topology, server } = setupOf(selection);
  const one = { planned, topology, server, profiles: selection.catalog.profiles };
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  await checkUserFiles(engine, selection);
  // Testcontainers reads its variables when it is loaded, and is too heavy for what starts nothing.
  const { runOne } = await import("../../run/run-one.ts");
  // Its matrix goes to stdout when the run is reported as finished, which this one is not.
  return reportedBy(reportersHere(["terminal"]), async (onEvent, signal) => {
    try {
      return (await runOne(one, engine, onEvent, signal)).evidence;
    } catch (error) {
      // What was stopped was not run, and that is no fault of the lab.
      if (signal.aborted) return null;
      throw error;
    }
  });
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
