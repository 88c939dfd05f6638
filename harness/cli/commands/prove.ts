import { Command } from "@commander-js/extra-typings";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { causeIds, type CauseId, type PrintedRemedy } from "../../model/diagnosis";
import { offersOf } from "../../diagnose/offers";
import { exitCodes } from "../../model/errors";
import type { CellResult } from "../../model/cell";
import type { Setup } from "../../plan/setup";
import { visible } from "../../text/escape";
import { resultText } from "../../../reports/wording";
import { namedCells } from "../cell-choice";
import { checkUserFiles, setupOf } from "../cell-setup";
import type { DeclareCommand } from "../command";
import { selectCells } from "../select-cells";
import { interruptible } from "../signals";
import { setupRunner, tryRemedies, type Trial } from "../try-remedies";
import { mapOption, ownNetworkOption, routerRulesOption, serverConfigOption, type UserFiles } from "../user-files";

export const command: DeclareCommand = ({ finish }) =>
  new Command("prove")
    .summary("apply a cell's remedy in the lab")
    .description("apply the remedy of a cell's cause in the lab and show before and after")
    .argument("<cell>", "cell id")
    .option("--all", "try each remedy that the lab can apply, not only the first")
    .addOption(ownNetworkOption)
    .addOption(routerRulesOption)
    .addOption(mapOption)
    .addOption(serverConfigOption)
    .action(async (cell, { all = false, topology, ...own }) => {
      finish(await runProve(cell, { all, networks: topology, ...own }));
    });

type ProveOptions = UserFiles & { readonly all: boolean; readonly networks: readonly string[] };

/**
 * `prove`: runs the cell, applies the first remedy of its cause that the lab can apply (or each, with `all`), runs it again and shows
 * before and after. They are those that `explain` prints, in the same order. Exit code 1 when a remedy does not cure.
 */
async function runProve(cellId: string, { all, networks, ...own }: ProveOptions): Promise<number> {
  const selection = selectCells(namedCells([cellId], networks), own);
  const { planned, topology, server } = setupOf(selection);
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  await checkUserFiles(engine, selection);
  const interrupt = interruptible(() => undefined);
  try {
    const run = await setupRunner(selection, engine, interrupt.signal);
    const setup: Setup = { cell: planned.cell, topology, server };
    const { result, evidence } = await run(setup);
    say(`before  ${describe(result)}`);
    const cause = causeIds.find((id) => id === result.cause);
    if (result.result === "worked" || cause === undefined) {
      say("nothing to cure");
      return exitCodes.expected;
    }
    const offers = offersOf(cause, evidence);
    if (offers.length === 0) say(`no known remedy for ${cause} would cure this`);
    return await showTrials(cause, tryRemedies(offers, setup, all, run));
  } finally {
    interrupt.release();
  }
}

async function showTrials(cause: CauseId, trials: AsyncIterable<Trial>): Promise<number> {
  let failed = 0;
  let cured = 0;
  for await (const trial of trials) {
    const { printed } = trial.offer;
    if (trial.kind === "not-tried") {
      say(`not tried, since ${trial.why}: ${printed.what} (${printed.party})`);
      continue;
    }
    tell(printed);
    say(`after   ${describe(trial.result)}`);
    if (trial.result.result === "worked") cured += 1;
    else failed += 1;
  }
  if (cured > 0) say(`proven  ${cause}: with the remedy the cell works`);
  return failed === 0 ? exitCodes.expected : exitCodes.unexpected;
}

/** As `explain` prints it. */
function tell({ party, what, lines }: PrintedRemedy): void {
  say(`remedy  ${what} (${party})`);
  for (const line of lines) say(`          ${visible(line)}`);
}

function describe(cell: CellResult): string {
  const message = cell.message === null ? "" : `: ${visible(cell.message)}`;
  return `${cell.id}: ${resultText(cell)}${message}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
