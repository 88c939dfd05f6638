/** The matrix as tables of entries, before it is drawn as text or Markdown. */
import type { DataCommand, Mode } from "../harness/model/axes";
import { dataCommands, modes } from "../harness/model/axes";
import type { CellResult } from "../harness/model/cell";
import type { Group } from "./group-by";
import { groupBy } from "./group-by";

/** What the operations (and repeats) of one topology, server, client, mode and data command came to. */
export type Entry = {
  /**
   * `mixed`: some worked and the others failed. `partial`: some ran and the others did not. `skipped` covers what is proven
   * unsupported. `absent`: there is no such cell. A lab error hides the rest, since none of it can be relied on.
   */
  readonly kind: "worked" | "failed" | "mixed" | "partial" | "skipped" | "lab-error" | "absent";
  readonly worked: number;
  /** The worst thing to say about its outcome. */
  readonly mark: "none" | "unexpected" | "flaky";
};

export type GridRow = {
  readonly topology: string;
  /** `[mode][data command]`, in the order of the grid. */
  readonly entries: readonly (readonly Entry[])[];
};

/** One table for each server and client, with only those modes and data commands that the report has anywhere. */
export type Grid = {
  readonly server: string;
  readonly client: string;
  readonly modes: readonly Mode[];
  readonly data: readonly DataCommand[];
  readonly rows: readonly GridRow[];
};

const noEntry: Entry = { kind: "absent", worked: 0, mark: "none" };

/** Tables and rows stand in the order in which the cells first name them. */
export function gridsOf(cells: readonly CellResult[]): readonly Grid[] {
  const usedModes = modes.filter((mode) => cells.some((cell) => cell.mode === mode));
  const usedData = dataCommands.filter((data) => cells.some((cell) => cell.data === data));
  return groupBy(cells, (cell) => `${cell.server}\n${cell.client}`).map((table) => ({
    server: table[0].server,
    client: table[0].client,
    modes: usedModes,
    data: usedData,
    rows: groupBy(table, (cell) => cell.topology).map((row) => rowOf(row, usedModes, usedData)),
  }));
}

function rowOf(cells: Group<CellResult>, usedModes: readonly Mode[], usedData: readonly DataCommand[]): GridRow {
  const entries = new Map(groupBy(cells, entryKey).map((group) => [entryKey(group[0]), entryOf(group)]));
  return {
    topology: cells[0].topology,
    entries: usedModes.map((mode) => usedData.map((data) => entries.get(entryKey({ mode, data })) ?? noEntry)),
  };
}

function entryKey({ mode, data }: Pick<CellResult, "mode" | "data">): string {
  return `${mode}/${data}`;
}

/** Sums up the cells of one entry. */
export function entryOf(cells: readonly CellResult[]): Entry {
  const kinds = cells.map(kindOf);
  const worked = kinds.filter((kind) => kind === "worked").length;
  return { kind: sumUp(new Set(kinds)), worked, mark: markOf(cells) };
}

type CellKind = "worked" | "failed" | "skipped" | "lab-error";

function kindOf(cell: CellResult): CellKind {
  if (cell.outcome === "lab-error") return "lab-error";
  return cell.result === "worked" || cell.result === "failed" ? cell.result : "skipped";
}

function sumUp(kinds: ReadonlySet<CellKind>): Entry["kind"] {
  const [only] = kinds;
  if (only === undefined) return "absent";
  if (kinds.has("lab-error")) return "lab-error";
  if (kinds.size === 1) return only;
  return kinds.has("skipped") ? "partial" : "mixed";
}

function markOf(cells: readonly CellResult[]): Entry["mark"] {
  if (cells.some((cell) => cell.outcome === "unexpected")) return "unexpected";
  return cells.some((cell) => cell.outcome === "flaky") ? "flaky" : "none";
}
