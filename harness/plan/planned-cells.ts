import type { Cell, ExpectedResult, PlannedCell } from "../model/cell";
import type { AxisSelection, ExpectedOutcome } from "../model/scenario";
import type { ServerProfile } from "../model/server-profile";
import type { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { cellGlobMatches } from "../text/patterns";
import { expandCells } from "../model/cells";
import { ownRulesOf } from "../model/network";
import { expectedFrom } from "./expected";

/** Everything that cells can be made of, by id, in the order in which it is listed. */
export type Catalog = {
  readonly topologies: NetworkCatalog;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
};

/** Cells to be planned: a scenario, or what the command line asks for. */
export type CellSource = { readonly include: readonly AxisSelection[]; readonly expect: readonly ExpectedOutcome[] };

/** A cell, and what its source expects of some cells. */
export type SourcedCell = { readonly cell: Cell; readonly expect: readonly ExpectedOutcome[] };

/** The cells of a source, each once. */
export function cellsOf({ include, expect }: CellSource, catalog: Catalog): readonly SourcedCell[] {
  return eachOnce(
    include.flatMap((selection) => expandSelection(selection, catalog)).map((cell) => ({ cell, expect })),
  );
}

/** Each cell once: one that several sources name is the first one's. */
export function eachOnce(cells: readonly SourcedCell[]): readonly SourcedCell[] {
  const first = new Map<string, SourcedCell>();
  for (const one of cells) if (!first.has(one.cell.id)) first.set(one.cell.id, one);
  return [...first.values()];
}

/** A cell with what is expected of it: what its source says, else the prediction. */
export function planCell({ cell, expect }: SourcedCell, catalog: Catalog): PlannedCell {
  return { cell, expected: expectationOf(cell, expect, catalog) };
}

/** The cells of all sources, each once and with what is expected of it; a cell named twice keeps its first source. */
export function planCells(sources: readonly CellSource[], catalog: Catalog): PlannedCell[] {
  return eachOnce(sources.flatMap((source) => cellsOf(source, catalog))).map((one) => planCell(one, catalog));
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
  const expected = expectedFrom(cell, { topology, server });
  // Only evidence shows which of the user's own rules it was: the same failure may have several causes there.
  return ownRulesOf(topology).length === 0 ? expected : { ...expected, cause: null };
}
