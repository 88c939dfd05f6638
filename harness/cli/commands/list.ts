import { createColors } from "picocolors";
import { listJson, listText, terminalTraits } from "../../../reports";
import { exitCodes } from "../../model/errors";
import { cellsCommand, choiceOf, type CellChoice } from "../cell-choice";
import type { DeclareCommand } from "../command";
import { findingLines, findingsOf } from "../configuration-findings";
import { selectCells } from "../select-cells";
import { serverConfigOption } from "../user-files";

export const command: DeclareCommand = ({ finish, commandNames }) =>
  cellsCommand("list")
    .summary("show the cells and what is expected of each")
    .description("show the cells, what is expected of each and why; starts nothing")
    .addOption(serverConfigOption)
    .option("--json", "print JSON, for machines")
    .action((sources, options) => {
      const { json = false, serverConfig } = options;
      finish(runList(choiceOf(sources, options, commandNames), { json, serverConfig }));
    });

/** `list`: the cells, what is expected of each and why; starts nothing. */
function runList(
  choice: CellChoice,
  { json, serverConfig }: { readonly json: boolean; readonly serverConfig: string | undefined },
): number {
  const { planned, catalog } = selectCells(choice, { serverConfig, routerRules: [] });
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const findings = findingsOf(planned, catalog);
  if (!json) for (const line of findingLines(findings ?? [])) process.stderr.write(`${line}\n`);
  process.stdout.write(
    json ? listJson(planned, findings) : listText(planned, { colours: createColors(colour), unicode }),
  );
  return exitCodes.expected;
}
