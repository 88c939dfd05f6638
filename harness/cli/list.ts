import { createColors } from "picocolors";
import { listJson, listText, terminalTraits } from "../../reports";
import { exitCodes } from "../model/errors";
import { loadCatalog } from "./catalog";
import { selectCells, type CellChoice } from "./select-cells";

/** `list`: the cells, what is expected of each and why; starts nothing. */
export function runList(choice: CellChoice, json: boolean): number {
  const planned = selectCells(choice, loadCatalog());
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  process.stdout.write(json ? listJson(planned) : listText(planned, { colours: createColors(colour), unicode }));
  return exitCodes.expected;
}
