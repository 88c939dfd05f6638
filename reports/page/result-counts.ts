import type { CellResult } from "../../harness/model/cell";
import { thousands } from "../../harness/text/quantity";

/** `36 worked, 48 failed`. */
export function resultCountsOf(cells: readonly CellResult[]): string {
  const counts = new Map<string, number>();
  for (const { result } of cells) counts.set(result, (counts.get(result) ?? 0) + 1);
  return [...counts].map(([result, count]) => `${thousands(count)} ${result}`).join(", ");
}
