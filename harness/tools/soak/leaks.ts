/** Tells what a run left behind from what is always there, and growth of memory from its ups and downs. */

/** Kinds of things that a run has to give back. */
export const heldKinds = ["descriptors", "containers", "networks", "interfaces", "processes", "files"] as const;
export type HeldKind = (typeof heldKinds)[number];

/** What is held at a moment, by name. A name may be there more than once: two descriptors of one device. */
export type Held = Readonly<Record<HeldKind, readonly string[]>>;

/** Something for each kind. */
export function ofEachKind<T>(of: (kind: HeldKind) => T): Readonly<Record<HeldKind, T>> {
  return {
    descriptors: of("descriptors"),
    containers: of("containers"),
    networks: of("networks"),
    interfaces: of("interfaces"),
    processes: of("processes"),
    files: of("files"),
  };
}

/** What is held now and was not held before; of a name that was there already, as many as there are more now. */
export function heldSince(before: Held, now: Held): Held {
  return ofEachKind((kind) => {
    const left = [...before[kind]];
    return now[kind].filter((name) => {
      const place = left.indexOf(name);
      if (place >= 0) left.splice(place, 1);
      return place < 0;
    });
  });
}

/** Nothing of any kind. */
export const nothing: Held = ofEachKind(() => []);

/** What one and the other hold together. */
export function joined(one: Held, other: Held): Held {
  return ofEachKind((kind) => [...one[kind], ...other[kind]]);
}

/** Whether nothing is held. */
export function isNothing(held: Held): boolean {
  return heldKinds.every((kind) => held[kind].length === 0);
}

/** How memory developed over the runs. */
export type MemoryTrend = {
  /** The median growth from one run to the next in the later half of the runs, in bytes; `null` if there are not two. */
  readonly eachRun: number | null;
  /** `unknown`: there were too few runs to tell a leak from a program that gets warm. */
  readonly verdict: "flat" | "grows" | "unknown";
};

/** From so many runs on, half of them tell growth from chance: that four come in rising order happens once in 24 times. */
const fewestRuns = 8;
/** The share of pairs of runs of which the later one holds more. */
const risingShare = 0.9;
/**
 * More than this is a leak; in bytes a run. V8 keeps what it compiles and learns of code that runs often, and learns less with
 * each run: the nth one of a few cells adds about 1 MB / n, by its heap snapshots code for the most part. In the later half of
 * eight runs that is up to 0.2 MB. What leaks adds the same in each run.
 */
const tolerated = 256 * 1024;

/**
 * The trend of the memory in use after each run, in bytes. The earlier half of the runs loads code and warms it up, and is left
 * out. The growth is the median of all pairs (Theil and Sen), which one run that is out of line does not move.
 */
export function memoryTrend(afterRuns: readonly number[]): MemoryTrend {
  const warm = afterRuns.slice(Math.floor(afterRuns.length / 2));
  const slopes = warm
    .flatMap((one, index) => warm.slice(index + 1).map((later, distance) => (later - one) / (distance + 1)))
    .toSorted((one, other) => one - other);
  const middle = slopes[Math.floor((slopes.length - 1) / 2)];
  if (middle === undefined) return { eachRun: null, verdict: "unknown" };
  if (afterRuns.length < fewestRuns) return { eachRun: middle, verdict: "unknown" };
  const rising = slopes.filter((slope) => slope > 0).length / slopes.length;
  return { eachRun: middle, verdict: rising >= risingShare && middle > tolerated ? "grows" : "flat" };
}
