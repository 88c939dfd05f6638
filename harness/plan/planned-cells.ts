import type { Cell, ExpectedResult, PlannedCell } from "../model/cell";
import type { AxisSelection, ExpectedOutcome } from "../model/scenario";
import type { ServerProfile } from "../model/server-profile";
import type { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { cellGlobMatches } from "../text/patterns";
import { expandCells } from "../model/cells";
import { expectationFrom } from "./expectation";

/** Everything that cells can be made of, by id, in the order in which it is listed. */
export type Catalog = {
  readonly topologies: NetworkCatalog;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
};

/** Cells to be planned: a scenario, or what the command line asks for. */
export type CellSource = { readonly include: readonly AxisSelection[]; readonly expect: readonly ExpectedOutcome[] };

/** The cells of all sources, each once and with what is expected of it; a cell named twice keeps its first source. */
export function planCells(sources: readonly CellSource[], catalog: Catalog): PlannedCell[] {
  const planned = new Map<string, PlannedCell>();
  for (const { include, expect } of sources) {
    for (const selection of include) {
      for (const cell of expandSelection(selection, catalog)) {
        if (!planned.has(cell.id)) planned.set(cell.id, { cell, expected: expectationOf(cell, expect, catalog) });
      }
    }
  }
  return [...planned.values()];
}

function expandSelection(selection: AxisSelection, catalog: Catalog): Cell[] {
  const topologies = selection.topology.flatMap((id) => catalog.topologies.get(id) ?? []);
  return expandCells({ ...selection, topologies });
}

/** The last entry of the scenario that matches, else the prediction. */
function expectationOf(cell: Cell, expect: readonly ExpectedOutcome[], catalog: Catalog): ExpectedResult {
  const stated = expect.findLast(({ cells }) => cellGlobMatches(cells, cell.id));
  if (stated !== undefined) {
    const { result, stage, cause, reason } = stated;
    return { result, stage, cause, reason };
  }
  const topology = catalog.topologies.get(cell.topology);
  const server = catalog.profiles.get(cell.server);
  if (topology === undefined || server === undefined) {
    throw new Error(`cell ${cell.id} names something that is not in the catalog`);
  }
  return expectationFrom(cell, { topology, server });
}
