/** Known cells as a file of the build has them: what many cells share is written once. */
import type { DataCommand, Mode } from "../../model/axes";
import { cellId } from "../../model/cells";
import type { KnownCell } from "./table";

type Outcome = Omit<KnownCell, "cell">;

/** `rows`: for each cell the indexes of its topology, server, client, mode, data command and outcome. */
export type PackedCells = {
  /** What they were predicted from: the text of the catalogue's file, as SHA-256 in hexadecimal digits. */
  readonly catalog: string;
  readonly topologies: readonly string[];
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  readonly modes: readonly Mode[];
  readonly data: readonly DataCommand[];
  readonly outcomes: readonly Outcome[];
  readonly rows: readonly number[];
};

const columns = 6;

/** Each is a listing. */
export function pack(cells: readonly KnownCell[], catalog: string): PackedCells {
  const [topologies, servers, clients] = [indexed<string>(), indexed<string>(), indexed<string>()];
  const [modes, data, outcomes] = [indexed<Mode>(), indexed<DataCommand>(), indexed<string>()];
  const rows = cells.flatMap(({ cell, ...outcome }) => [
    topologies.indexOf(cell.topology),
    servers.indexOf(cell.server),
    clients.indexOf(cell.client),
    modes.indexOf(cell.mode),
    data.indexOf(cell.data),
    outcomes.indexOf(JSON.stringify(outcome)),
  ]);
  return {
    catalog,
    topologies: topologies.values(),
    servers: servers.values(),
    clients: clients.values(),
    modes: modes.values(),
    data: data.values(),
    outcomes: outcomes.values().map((text) => JSON.parse(text) as Outcome),
    rows,
  };
}

export function unpack(packed: PackedCells): readonly KnownCell[] {
  const { topologies, servers, clients, modes, data, outcomes, rows } = packed;
  return Array.from({ length: rows.length / columns }, (_, index): KnownCell => {
    const at = <Value>(values: readonly Value[], column: number): Value => {
      const value = values[rows[index * columns + column] ?? -1];
      if (value === undefined) throw new Error("the known cells are damaged");
      return value;
    };
    const axes = {
      topology: at(topologies, 0),
      server: at(servers, 1),
      client: at(clients, 2),
      mode: at(modes, 3),
      data: at(data, 4),
      operation: "list",
    } as const;
    return { cell: { id: cellId(axes), ...axes }, ...at(outcomes, 5) };
  });
}

/** Values by the order in which they were first seen. */
function indexed<Value>() {
  const indexes = new Map<Value, number>();
  return {
    indexOf: (value: Value): number => {
      const known = indexes.get(value) ?? indexes.size;
      indexes.set(value, known);
      return known;
    },
    values: (): readonly Value[] => [...indexes.keys()],
  };
}
