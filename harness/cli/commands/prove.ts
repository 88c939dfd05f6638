import { Command } from "@commander-js/extra-typings";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { causeIds, type CauseId } from "../../model/diagnosis";
import { exitCodes } from "../../model/errors";
import type { CellResult } from "../../model/cell";
import { labRemediesOf, type Setup } from "../../plan/lab-remedies";
import { expectationFrom } from "../../plan/expectation";
import { overruledBy } from "../../plan/remedies/setup";
import { visible } from "../../text/escape";
import { resultText } from "../../../reports/wording";
import { namedCells } from "../cell-choice";
import { checkUserFiles, setupOf } from "../cell-setup";
import type { DeclareCommand } from "../command";
import { selectCells } from "../select-cells";
import { interruptible } from "../signals";
import { routerRulesOption, serverConfigOption, type UserFiles } from "../user-files";

export const command: DeclareCommand = ({ finish }) =>
  new Command("prove")
    .summary("apply a cell's remedy in the lab")
    .description("apply the remedy of a cell's cause in the lab and show before and after")
    .argument("<cell>", "cell id")
    .option("--all", "each remedy that the lab can apply, not only the first")
    .addOption(routerRulesOption)
    .addOption(serverConfigOption)
    .action(async (cell, { all = false, routerRules, serverConfig }) => {
      finish(await runProve(cell, { all, routerRules, serverConfig }));
    });

/**
 * `prove`: runs the cell, applies its cause's first remedy (or each, with `all`) to the lab, runs it again and shows before and
 * after. Exit code 1 when a remedy does not cure.
 */
async function runProve(cellId: string, { all, ...own }: UserFiles & { readonly all: boolean }): Promise<number> {
  const selection = selectCells(namedCells([cellId]), own);
  const { planned, topology, server } = setupOf(selection);
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  await checkUserFiles(engine, selection);
  const { runOne } = await import("../../run/run-one.ts");
  const interrupt = interruptible(() => undefined);
  const run = async (setup: Setup): Promise<CellResult> => {
    const expected = expectationFrom(setup.cell, setup);
    const one = { ...setup, planned: { cell: setup.cell, expected }, profiles: selection.catalog.profiles };
    return (await runOne(one, engine, () => undefined, interrupt.signal)).result;
  };
  try {
    const setup: Setup = { cell: planned.cell, topology, server };
    const before = await run(setup);
    say(`before  ${describe(before)}`);
    const cause = causeIds.find((id) => id === before.cause);
    if (before.result === "worked" || cause === undefined) {
      say("nothing to cure");
      return exitCodes.expected;
    }
    return await tryRemedies(cause, setup, all, run);
  } finally {
    interrupt.release();
  }
}

async function tryRemedies(
  cause: CauseId,
  setup: Setup,
  all: boolean,
  run: (setup: Setup) => Promise<CellResult>,
): Promise<number> {
  const remedies = labRemediesOf(cause, setup).filter((remedy) => {
    const file = overruledBy(setup, remedy.apply(setup));
    if (file !== null) say(`not tried, since it would be a change of ${file}: ${remedy.what} (${remedy.party})`);
    return file === null;
  });
  if (remedies.length === 0) say(`the lab has no remedy for ${cause} that it could apply by itself`);
  let cured = true;
  for (const remedy of all ? remedies : remedies.slice(0, 1)) {
    say(`remedy  ${remedy.what} (${remedy.party})`);
    const after = await run(remedy.apply(setup));
    say(`after   ${describe(after)}`);
    cured &&= after.result === "worked";
  }
  return cured ? exitCodes.expected : exitCodes.unexpected;
}

function describe(cell: CellResult): string {
  const message = cell.message === null ? "" : `: ${visible(cell.message)}`;
  return `${cell.id}: ${resultText(cell)}${message}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
