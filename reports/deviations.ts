/** Everything that did not come out as expected, worst first. */
import type { Outcome } from "../harness/model/axes";
import type { CellResult } from "../harness/model/cell";

/** A cell, and how many more of its lab share its fate word for word. */
export type Deviation = { readonly cell: CellResult; readonly alike: number };

/**
 * Worst first: what broke, what works though it should not, lost cells, flaky ones, skipped ones; within these in the
 * report's order. A broken lab loses or skips all its cells for one reason: they make one deviation.
 */
export function deviationsOf(cells: readonly CellResult[]): readonly Deviation[] {
  const groups = new Map<string, { cell: CellResult; alike: number }>();
  for (const cell of cells) {
    if (cell.outcome === "expected") continue;
    const key = groupKey(cell);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { cell, alike: 0 });
    else group.alike += 1;
  }
  return [...groups.values()].sort((a, b) => badness(a.cell) - badness(b.cell));
}

function groupKey(cell: CellResult): string {
  const isLost = cell.outcome === "lab-error" || cell.outcome === "skipped";
  return JSON.stringify(isLost ? [cell.outcome, cell.topology, cell.message] : [cell.id, cell.repeat]);
}

function badness(cell: CellResult): number {
  const rank: Readonly<Record<Outcome, number>> = {
    unexpected: cell.result === "worked" ? 1 : 0,
    "lab-error": 2,
    flaky: 3,
    skipped: 4,
    expected: 5,
  };
  return rank[cell.outcome];
}
