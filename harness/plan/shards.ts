/** One run shared by several machines: each takes whole labs, and all of them find the same shares without speaking. */
import type { PlannedCell } from "../model/cell";
import type { ShardInfo } from "../model/report";

/** `--shard 2/3`. */
export type Shard = { readonly index: number; readonly count: number };

export type ShardOptions = {
  readonly shard: Shard;
  /** Id of the lab that a cell runs in. */
  readonly labOf: (planned: PlannedCell) => string;
  readonly repeatEach: number;
  /** How long labs were up in an earlier run, in ms, by id; labs that are not among them count as many cells as they have. */
  readonly durations: Readonly<Record<string, number>>;
};

/** The cells of a shard, in the order of the whole run, and where they stand in it. */
export function shardOf(
  planned: readonly PlannedCell[],
  { shard, labOf, repeatEach, durations }: ShardOptions,
): { readonly planned: readonly PlannedCell[]; readonly info: ShardInfo } {
  const shares = balance(weigh(planned.map(labOf), durations), shard.count);
  const mine = planned
    .map((one, position) => ({ one, position }))
    .filter(({ one }) => shares.get(labOf(one)) === shard.index);
  const places = rangesOf(mine.map(({ position }) => position));
  const scaled = places.map(({ first, count }) => ({ first: first * repeatEach, count: count * repeatEach }));
  const total = planned.length * repeatEach;
  return { planned: mine.map(({ one }) => one), info: { ...shard, total, places: scaled } };
}

/** What each lab will cost: what it took before; else its cells at the pace of the labs that are known. */
function weigh(labs: readonly string[], durations: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const cells = new Map<string, number>();
  for (const lab of labs) cells.set(lab, (cells.get(lab) ?? 0) + 1);
  const known = new Map(
    [...cells.keys()].flatMap((lab) => (Object.hasOwn(durations, lab) ? [[lab, durations[lab] ?? 0]] : [])),
  );
  const knownCells = [...known.keys()].reduce((sum, lab) => sum + (cells.get(lab) ?? 0), 0);
  const knownMs = [...known.values()].reduce((sum, ms) => sum + ms, 0);
  const pace = knownMs > 0 ? knownMs / knownCells : 1;
  return new Map([...cells].map(([lab, count]) => [lab, known.get(lab) ?? count * pace]));
}

/** The heaviest first, each to the shard that has least so far: at most a third more than the best there is. */
function balance(weights: ReadonlyMap<string, number>, count: number): ReadonlyMap<string, number> {
  const loads = Array.from({ length: count }, () => 0);
  // Not by locale, which is another one on another machine.
  const heaviestFirst = [...weights].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return new Map(
    heaviestFirst.map(([lab, weight]) => {
      const lightest = loads.indexOf(Math.min(...loads));
      loads[lightest] = (loads[lightest] ?? 0) + weight;
      return [lab, lightest + 1];
    }),
  );
}

function rangesOf(positions: readonly number[]): ShardInfo["places"] {
  const ranges: { first: number; count: number }[] = [];
  for (const position of positions) {
    const last = ranges.at(-1);
    if (last !== undefined && last.first + last.count === position) last.count += 1;
    else ranges.push({ first: position, count: 1 });
  }
  return ranges;
}
