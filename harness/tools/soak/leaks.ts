/** Tells what a run left behind from what is always there, and growth of memory from its ups and downs. */

/** Kinds of things that a run has to give back. */
export const heldKinds = ["descriptors", "containers", "interfaces", "files"] as const;
export type HeldKind = (typeof heldKinds)[number];

/** What is held at a moment, by name. A name may be there more than once: two descriptors of one device. */
export type Held = Readonly<Record<HeldKind, readonly string[]>>;

/** What is held now and was not held before; of a name that was there already, as many as there are more now. */
export function heldSince(before: Held, now: Held): Held {
  const more = (kind: HeldKind): readonly string[] => {
    const left = [...before[kind]];
    return now[kind].filter((name) => {
      const place = left.indexOf(name);
      if (place >= 0) left.splice(place, 1);
      return place < 0;
    });
  };
  return {
    descriptors: more("descriptors"),
    containers: more("containers"),
    interfaces: more("interfaces"),
    files: more("files"),
  };
}

/** Nothing of any kind. */
export const nothing: Held = { descriptors: [], containers: [], interfaces: [], files: [] };

/** What one and the other hold together. */
export function joined(one: Held, other: Held): Held {
  return {
    descriptors: [...one.descriptors, ...other.descriptors],
    containers: [...one.containers, ...other.containers],
    interfaces: [...one.interfaces, ...other.interfaces],
    files: [...one.files, ...other.files],
  };
}

/** Whether nothing is held. */
export function isNothing(held: Held): boolean {
  return heldKinds.every((kind) => held[kind].length === 0);
}

/** How memory developed over the runs. */
export type MemoryTrend = {
  /** The median growth from one run to the next, in bytes; `null` for fewer than two runs after the first. */
  readonly eachRun: number | null;
  /** `unknown`: there were too few runs to tell a leak from ups and downs. */
  readonly verdict: "flat" | "grows" | "unknown";
};

/** So many runs after the first tell growth from chance: that four of them come in rising order happens once in 24 times. */
const fewestRuns = 4;
/** The share of pairs of runs of which the later one holds more. */
const risingShare = 0.9;
/** Less than this is no leak: caches fill, and the table of a soak grows too. In bytes a run. */
const tolerated = 256 * 1024;

/**
 * The trend of the memory in use after each run, in bytes. The first run is left out: it loads code and fills caches. The
 * growth is the median of all pairs (Theil and Sen), which one run that is out of line does not move.
 */
export function memoryTrend(afterRuns: readonly number[]): MemoryTrend {
  const warm = afterRuns.slice(1);
  const slopes = warm
    .flatMap((one, index) => warm.slice(index + 1).map((later, distance) => (later - one) / (distance + 1)))
    .toSorted((one, other) => one - other);
  const middle = slopes[Math.floor((slopes.length - 1) / 2)];
  if (middle === undefined) return { eachRun: null, verdict: "unknown" };
  if (warm.length < fewestRuns) return { eachRun: middle, verdict: "unknown" };
  const rising = slopes.filter((slope) => slope > 0).length / slopes.length;
  return { eachRun: middle, verdict: rising >= risingShare && middle > tolerated ? "grows" : "flat" };
}
