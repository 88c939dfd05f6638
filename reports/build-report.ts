import { outcomes, results } from "../harness/model/axes";
import type { CellResult, PlannedCell } from "../harness/model/cell";
import type { ControlResult, MatrixReport, RunInfo, Summary } from "../harness/model/report";
import { reportSchemaVersion } from "../harness/model/report";

/**
 * Puts a run's results together. Cells finish in any order: with `plan` they stand in its order (repeats of a cell side by
 * side, cells outside the plan last), without it in the order given. Controls follow the order of their topologies.
 */
export function buildReport(
  run: RunInfo,
  cells: readonly CellResult[],
  controls: readonly ControlResult[],
  plan: readonly PlannedCell[] = [],
): MatrixReport {
  const cellPlace = places(plan.map((planned) => planned.cell.id));
  const sortedCells = [...cells].sort((a, b) => cellPlace(a.id) - cellPlace(b.id) || a.repeat - b.repeat);
  const ordered = plan.length > 0 ? sortedCells : [...cells];
  const labPlace = places(ordered.map((cell) => cell.topology));
  return {
    schemaVersion: reportSchemaVersion,
    run,
    summary: summarise(ordered, controls),
    controls: [...controls].sort((a, b) => labPlace(a.topology) - labPlace(b.topology)),
    cells: ordered,
  };
}

/** Looks up where a name first stands in a list; names outside it come after all others, side by side. */
function places(names: readonly string[]): (name: string) => number {
  const place = new Map<string, number>();
  for (const name of names) if (!place.has(name)) place.set(name, place.size);
  return (name) => place.get(name) ?? names.length;
}

function summarise(cells: readonly CellResult[], controls: readonly ControlResult[]): Summary {
  const controlCount = (outcome: ControlResult["outcome"]): number =>
    controls.filter((control) => control.outcome === outcome).length;
  return {
    total: cells.length,
    outcomes: countBy(outcomes, cells, (cell) => cell.outcome),
    results: countBy(results, cells, (cell) => cell.result),
    controls: {
      passed: controlCount("passed"),
      failed: controlCount("failed"),
      notApplicable: controlCount("not-applicable"),
    },
  };
}

function countBy<Word extends string>(
  words: readonly Word[],
  cells: readonly CellResult[],
  wordOf: (cell: CellResult) => Word,
): Readonly<Record<Word, number>> {
  const counts = Object.fromEntries(words.map((word) => [word, 0])) as Record<Word, number>;
  for (const cell of cells) counts[wordOf(cell)] += 1;
  return counts;
}
