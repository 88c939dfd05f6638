/** Known cells that no symptom tells from each other: there are twenty times as many cells as kins, and each kin is asked once. */
import type { CauseId } from "../../model/diagnosis";
import type { KnownCell } from "./table";

/** A cell with its place among all that are known. */
export type PlacedCell = { readonly known: KnownCell; readonly place: number };

/** Failing cells that are alike in all that a client can see of itself: they differ in their networks and servers. */
export type KnownKin = {
  readonly cause: CauseId;
  /** Any of them: what it shows, all of them show. */
  readonly likeness: KnownCell;
  readonly members: readonly PlacedCell[];
  /** One of them for each topology. */
  readonly speakers: readonly PlacedCell[];
};

export type Kindred = {
  readonly failing: readonly KnownKin[];
  /** What any known cell fails from. */
  readonly causes: ReadonlySet<CauseId>;
};

const known = new WeakMap<readonly KnownCell[], Kindred>();

/** The kins of known cells, in the order of their first cells; found once for each list of cells. */
export function kinOf(cells: readonly KnownCell[]): Kindred {
  const found = known.get(cells) ?? kindredOf(cells);
  known.set(cells, found);
  return found;
}

function kindredOf(cells: readonly KnownCell[]): Kindred {
  const kins = new Map<
    string,
    { readonly cause: CauseId; readonly likeness: KnownCell; readonly members: PlacedCell[] }
  >();
  for (const [place, one] of cells.entries()) {
    const { cause, result, stage } = one.expected;
    if (cause === null || result !== "failed") continue;
    const { client, mode, data } = one.cell;
    const key = `${cause}/${stage}/${client}/${mode}/${data}/${one.announced}`;
    const kin = kins.get(key);
    if (kin === undefined) kins.set(key, { cause, likeness: one, members: [{ known: one, place }] });
    else kin.members.push({ known: one, place });
  }
  const failing = [...kins.values()].map((kin) => ({ ...kin, speakers: onePerTopology(kin.members) }));
  return { failing, causes: new Set(failing.map(({ cause }) => cause)) };
}

/** The first cell of each topology: the usual one speaks for its network, and among alike ones the one that comes first. */
export function onePerTopology(cells: readonly PlacedCell[]): readonly PlacedCell[] {
  const first = new Map<string, PlacedCell>();
  for (const one of cells) {
    const { topology } = one.known.cell;
    const before = first.get(topology);
    if (before === undefined || isBefore(one, before)) first.set(topology, one);
  }
  return [...first.values()].sort((one, other) => (isBefore(one, other) ? -1 : 1));
}

function isBefore(one: PlacedCell, other: PlacedCell): boolean {
  return one.known.isUsual === other.known.isUsual ? one.place < other.place : one.known.isUsual;
}
