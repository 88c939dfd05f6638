/** The matrix as tables with either axis down, made once; a filter then only says what of it is shown. */
import type { DataCommand, Operation } from "../../harness/model/axes";
import { dataCommands, modes } from "../../harness/model/axes";
import type { CellResult } from "../../harness/model/cell";
import { entryOf, type Entry } from "../grid";
import { groupBy, type Group } from "../group-by";

/** The cells of one network, mode and data command of a table. */
export type Spot = { readonly data: DataCommand; readonly cells: Group<CellResult>; readonly entry: Entry };

/** Row by column; `spots` has a place for each data command of the table, `null` if there is no cell. */
export type TableRow = { readonly name: string; readonly columns: readonly (readonly (Spot | null)[])[] };

export type Table = {
  readonly server: string;
  readonly client: string;
  readonly data: readonly DataCommand[];
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
};

/** A table for each server and client, in the cells' order; swapped, modes stand down and networks across. */
export function tablesOf(cells: readonly CellResult[], swapped: boolean): readonly Table[] {
  const rowOf = (cell: CellResult): string => (swapped ? cell.mode : cell.topology);
  const columnOf = (cell: CellResult): string => (swapped ? cell.topology : cell.mode);
  const [usedModes, usedData] = [new Set(cells.map(({ mode }) => mode)), new Set(cells.map(({ data }) => data))];
  const inOrder = modes.filter((mode) => usedModes.has(mode));
  const data = dataCommands.filter((command) => usedData.has(command));
  return groupBy(cells, ({ server, client }) => `${server}\n${client}`).map((group) => {
    const topologies = [...new Set(group.map(({ topology }) => topology))];
    const [rows, columns] = swapped ? [inOrder, topologies] : [topologies, inOrder];
    const spots = new Map(
      groupBy(group, (cell) => spotKey(rowOf(cell), columnOf(cell), cell.data)).map((spot) => [
        spotKey(rowOf(spot[0]), columnOf(spot[0]), spot[0].data),
        { data: spot[0].data, cells: spot, entry: entryOf(spot) },
      ]),
    );
    return {
      server: group[0].server,
      client: group[0].client,
      data,
      columns,
      rows: rows.map((row) => ({
        name: row,
        columns: columns.map((column) => data.map((command) => spots.get(spotKey(row, column, command)) ?? null)),
      })),
    };
  });
}

function spotKey(row: string, column: string, data: string): string {
  return `${row}\n${column}\n${data}`;
}

/** The part of a table that a filter leaves: rows and columns without a cell disappear, and in the others single cells do. */
export function filterTable(table: Table, matches: (cell: CellResult) => boolean): Table {
  const rows = table.rows
    .map((row) => ({ ...row, columns: row.columns.map((spots) => spots.map((spot) => filterSpot(spot, matches))) }))
    .filter(({ columns }) => columns.some((spots) => spots.some((spot) => spot !== null)));
  const used = table.columns.map((_, at) => rows.some(({ columns }) => columns[at]?.some((spot) => spot !== null)));
  return {
    ...table,
    columns: table.columns.filter((_, at) => used[at]),
    rows: rows.map((row) => ({ ...row, columns: row.columns.filter((_, at) => used[at]) })),
  };
}

/** The same value where all its cells stay, so that it need not be drawn again. */
function filterSpot(spot: Spot | null, matches: (cell: CellResult) => boolean): Spot | null {
  if (spot === null) return null;
  const [first, ...others] = spot.cells.filter(matches);
  if (first === undefined) return null;
  if (others.length + 1 === spot.cells.length) return spot;
  const cells: Group<CellResult> = [first, ...others];
  return { ...spot, cells, entry: entryOf(cells) };
}

/** The cell that a spot opens: what surprised, else what failed, else the first. */
export function mostTelling(cells: Group<CellResult>): CellResult {
  return (
    cells.find(({ outcome }) => outcome !== "expected") ?? cells.find(({ result }) => result === "failed") ?? cells[0]
  );
}

/** How many of a row's cells worked and failed. */
export function totalsOf(spots: readonly (Spot | null)[]): { readonly worked: number; readonly failed: number } {
  const cells = spots.flatMap((spot) => spot?.cells ?? []);
  return {
    worked: cells.filter(({ result }) => result === "worked").length,
    failed: cells.filter(({ result }) => result === "failed").length,
  };
}

/** Letters of the operations that worked where others did not. */
export function workedLetters(cells: readonly CellResult[]): string {
  const worked = new Set(cells.flatMap(({ result, operation }) => (result === "worked" ? [operation] : [])));
  return (["list", "download", "upload"] satisfies Operation[])
    .filter((operation) => worked.has(operation))
    .map((operation) => operation.slice(0, 1).toUpperCase())
    .join("");
}
