import { createColors } from "picocolors";
import { listJson, listText, terminalTraits } from "../../reports";
import { exitCodes } from "../model/errors";
import { loadCatalog } from "./catalog";
import { userProfile, withUserConfiguration } from "./user-configuration";
import { selectCells, type CellChoice } from "./select-cells";

/** `list`: the cells, what is expected of each and why; starts nothing. */
export function runList(
  choice: CellChoice,
  { json, serverConfig }: { readonly json: boolean; readonly serverConfig: string | undefined },
): number {
  const catalog = withUserConfiguration(loadCatalog(), serverConfig);
  const planned = selectCells(choice, catalog);
  if (serverConfig !== undefined) userProfile(planned, catalog);
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  process.stdout.write(json ? listJson(planned) : listText(planned, { colours: createColors(colour), unicode }));
  return exitCodes.expected;
}
