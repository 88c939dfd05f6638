import { createColors } from "picocolors";
import { listJson, listText, terminalTraits } from "../../../reports";
import { exitCodes } from "../../model/errors";
import { cellsCommand, choiceOf, type CellChoice } from "../cell-choice";
import type { DeclareCommand } from "../command";
import { selectCells } from "../select-cells";
import { mapOption, routerRulesOption, serverConfigOption, type UserFiles } from "../user-files";

export const command: DeclareCommand = ({ finish, commandNames }) =>
  cellsCommand("list")
    .summary("show the cells and what is expected of each")
    .description("show the cells, what is expected of each and why; starts nothing")
    .addOption(routerRulesOption)
    .addOption(mapOption)
    .addOption(serverConfigOption)
    .option("--json", "print JSON, for machines")
    .action((sources, options) => {
      finish(runList(choiceOf(sources, options, commandNames), options));
    });

/** `list`: the cells, what is expected of each and why; starts nothing. */
function runList(choice: CellChoice, options: UserFiles & { readonly json?: true }): number {
  const { planned } = selectCells(choice, options);
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const style = { colours: createColors(colour), unicode };
  process.stdout.write(options.json === true ? listJson(planned) : listText(planned, style));
  return exitCodes.expected;
}
