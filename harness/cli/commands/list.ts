import { createColors } from "picocolors";
import { listJson, listText, terminalTraits, thingsJson, thingsText } from "../../../reports";
import { exitCodes, UsageError } from "../../model/errors";
import { oneOf } from "../../text/nearest";
import { loadCatalog } from "../catalog";
import { cellsCommand, choiceOf, type CellChoice } from "../cell-choice";
import type { DeclareCommand } from "../command";
import { findingLines, findingsOf } from "../configuration-findings";
import { selectCells } from "../select-cells";
import { kindCalled, thingKinds, thingsOf, thingWords, type ThingKind } from "../things";
import { mapOption, routerRulesOption, serverConfigOption, type UserFiles } from "../user-files";

export const command: DeclareCommand = ({ finish, commandNames }) =>
  cellsCommand("list")
    .summary("show cells and what is expected, or `list networks`")
    .description(
      `show the cells, what is expected of each and why; starts nothing. \`list networks\` shows the networks, and \`list\` also takes ${oneOf(others)}`,
    )
    .addOption(routerRulesOption)
    .addOption(mapOption)
    .addOption(serverConfigOption)
    .option("--json", "print JSON, for machines")
    .action((sources, options) => {
      const kind = kindAsked(sources);
      const choice = choiceOf(sources, options, [...commandNames, ...thingWords]);
      finish(kind === null ? runList(choice, options) : listThings(kind, choice, options));
    });

const others = thingKinds.filter((kind) => kind !== "networks");

/** The kind of things that the only source means. */
function kindAsked(sources: readonly string[]): ThingKind | null {
  const [first, ...more] = sources;
  return first === undefined || more.length > 0 ? null : kindCalled(first);
}

/** `list networks`: the things of one kind. @throws UsageError for what chooses cells */
function listThings(kind: ThingKind, choice: CellChoice, options: UserFiles & { readonly json?: true }): number {
  const { facets, grep, lastFailed } = choice;
  const isNarrowed =
    Object.values(facets).some((patterns) => patterns !== undefined) || grep !== undefined || lastFailed;
  if (isNarrowed || options.serverConfig.length > 0 || options.routerRules.length > 0) {
    throw new UsageError(`\`list ${kind}\` shows all ${kind}, and takes no options that choose cells.`, {
      code: "list-things",
      hint: "Leave the options out, or the word: `npm run matrix -- list` with options shows cells.",
    });
  }
  const things = thingsOf(kind, loadCatalog());
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const columns = process.stdout.isTTY ? process.stdout.columns : usualColumns;
  const style = { colours: createColors(colour), unicode, columns };
  process.stdout.write(options.json === true ? thingsJson(kind, things) : thingsText(things, style));
  return exitCodes.expected;
}

/** What a terminal has unless it is made wider. */
const usualColumns = 80;

/** `list`: the cells, what is expected of each and why; starts nothing. */
function runList(choice: CellChoice, options: UserFiles & { readonly json?: true }): number {
  const { planned, catalog } = selectCells(choice, options);
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const style = { colours: createColors(colour), unicode };
  const findings = findingsOf(planned, catalog);
  if (options.json !== true) for (const line of findingLines(findings ?? [])) process.stderr.write(`${line}\n`);
  process.stdout.write(options.json === true ? listJson(planned, findings) : listText(planned, style));
  return exitCodes.expected;
}
