import { isPassive, traitsOf } from "../../harness/model/axes";
import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import type { Example } from "../../harness/model/story";
import { cellKey } from "./state";

/** The example that tells a cell, and how near it is: the cell itself, one of its network, server and client, or another. */
export type Told = { readonly example: Example; readonly nearness: "itself" | "alike" | "elsewhere" };

/** From the nearest to the farthest: cells with the same key have the same to tell. */
const keys: readonly (readonly [Told["nearness"], (cell: CellResult) => readonly unknown[]])[] = [
  ["itself", (cell) => [cellKey(cell)]],
  ["alike", (cell) => [...place(cell), cell.mode, cell.data, ...verdict(cell)]],
  ["alike", (cell) => [...place(cell), ...way(cell), cell.data, ...verdict(cell)]],
  ["elsewhere", (cell) => [cell.topology, ...way(cell), cell.data, ...verdict(cell)]],
  ["elsewhere", (cell) => [...way(cell), cell.data, ...verdict(cell)]],
  ["elsewhere", (cell) => [isPassive(cell.data), ...verdict(cell)]],
];

const place = ({ topology, server, client }: CellResult): readonly string[] => [topology, server, client];
const verdict = ({ result, stage, cause }: CellResult): readonly unknown[] => [result, stage, cause];
const way = ({ mode }: CellResult): readonly string[] => [traitsOf(mode).tls, traitsOf(mode).ccc];

/** Looks examples up; indexes are made once a report. */
export function exampleFinder({ cells, examples }: MatrixReport): (cell: CellResult) => Told | null {
  const byKey = new Map(cells.map((cell) => [cellKey(cell), cell]));
  const indexes = keys.map(([nearness, keyOf]) => {
    const index = new Map<string, Example>();
    for (const example of examples) {
      const cell = byKey.get(cellKey({ id: example.cell, repeat: example.repeat }));
      const key = cell === undefined ? null : JSON.stringify(keyOf(cell));
      if (key !== null && !index.has(key)) index.set(key, example);
    }
    return { nearness, keyOf, index };
  });
  return (cell) => {
    // Why something worked elsewhere does not explain why it works here.
    const fitting = indexes.filter(({ nearness }) => cell.result === "failed" || nearness !== "elsewhere");
    for (const { nearness, keyOf, index } of fitting) {
      const example = index.get(JSON.stringify(keyOf(cell)));
      if (example !== undefined) return { example, nearness };
    }
    return null;
  };
}
