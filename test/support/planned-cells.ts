import type { Cell, PlannedCell } from "../../harness/model/cell";
import { makeCell, predictFor } from "./cells";
import { topologyNamed } from "./inputs";

/** A cell of the project's own networks with what is predicted for it. */
export function planCell(axes: Partial<Omit<Cell, "id">> = {}): PlannedCell {
  const cell = makeCell(axes);
  return { cell, expected: predictFor(topologyNamed(cell.topology), axes) };
}
