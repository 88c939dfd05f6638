import { endpointOf } from "../../../ftp/endpoint";
import type { LogLine, PastedFact } from "../../../model/symptom";
import type { Stamp } from "./stamp";

/** What one paste says, line by line, with its stamps. */
export type StampedPaste = {
  readonly lines: readonly { readonly line: LogLine; readonly stamp: Stamp | null }[];
  readonly facts: readonly { readonly fact: PastedFact; readonly stamp: Stamp | null }[];
};

const day = 24 * 3_600_000;
/** Clocks that differ by less are taken for the same: a stamp of whole seconds is that late. */
const tolerance = 2_000;
const quarter = 15 * 60_000;

/**
 * What is to be added to each paste's stamps to get the first paste's clock, in ms; `null` where nothing tells. Zones and clocks differ,
 * so it is found by what both show: the same command or reply, or a port that one announces and the other one sees.
 */
export function shiftsOf(pastes: readonly StampedPaste[]): readonly (number | null)[] {
  const instants = pastes.map(instantsOf);
  const [first, ...others] = instants;
  if (first === undefined) return [];
  return [first.size > 0 ? 0 : null, ...others.map((other) => shiftTo(first, other))];
}

/** The instant of each thing that a paste shows once. */
function instantsOf({ lines, facts }: StampedPaste): ReadonlyMap<string, Stamp> {
  const found = new Map<string, Stamp | null>();
  const note = (key: string, stamp: Stamp | null): void => {
    found.set(key, found.has(key) ? null : stamp);
  };
  const ports = new Map<number, Stamp>();
  const notePort = (port: number | null, stamp: Stamp | null): void => {
    if (port !== null && port >= 1024 && stamp !== null && !ports.has(port)) ports.set(port, stamp);
  };
  for (const { line, stamp } of lines) {
    if (line.direction !== "*") note(`${line.direction} ${line.text}`, stamp);
    notePort(endpointOf(line.text)?.port ?? null, stamp);
  }
  for (const { fact, stamp } of facts) {
    if (fact.kind === "logged-packet" || fact.kind === "packet" || fact.kind === "connection") {
      notePort(fact.from.port, stamp);
      notePort(fact.to.port, stamp);
    }
  }
  const known = [...found].flatMap(([key, stamp]) => (stamp === null ? [] : [[key, stamp] as const]));
  return new Map([...known, ...[...ports].map(([port, stamp]) => [`port ${port}`, stamp] as const)]);
}

function shiftTo(first: ReadonlyMap<string, Stamp>, other: ReadonlyMap<string, Stamp>): number | null {
  const shifts = [...other].flatMap(([key, stamp]) => {
    const same = first.get(key);
    return same === undefined ? [] : [differenceOf(same, stamp)];
  });
  if (shifts.length === 0) return null;
  const sorted = shifts.toSorted((one, two) => one - two);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const agreeing = shifts.filter((shift) => Math.abs(shift - median) <= 10_000);
  if (agreeing.length * 2 <= shifts.length) return null;
  // Zones differ by quarters of an hour.
  const zone = Math.round(median / quarter) * quarter;
  return Math.abs(median - zone) <= tolerance ? zone : median;
}

/** Of a stamp without a date only the time of day counts, and midnight may lie between. */
function differenceOf(one: Stamp, other: Stamp): number {
  return one.isDated && other.isDated ? one.at - other.at : withinDay(one.at - other.at);
}

/** How far two times of day are apart, in ms: the same one at most half a day away. */
export function withinDay(difference: number): number {
  const rest = ((difference % day) + day) % day;
  return rest >= day / 2 ? rest - day : rest;
}

/** Puts the lines of several pastes in the order of their time; each paste keeps its own order. */
export function inOrderOfTime<Item>(
  pastes: readonly (readonly { readonly item: Item; readonly stamp: Stamp | null }[])[],
  shifts: readonly (number | null)[],
): readonly Item[] {
  const stamps = pastes.flat().flatMap(({ stamp }) => stamp ?? []);
  const isDated = stamps.every((stamp) => stamp.isDated);
  const start = stamps[0]?.at ?? 0;
  const timed = pastes.flatMap((paste, index) => {
    let last = -Infinity;
    return paste.map(({ item, stamp }) => {
      const own = stamp === null ? null : stamp.at + (shifts[index] ?? 0) - start;
      if (own !== null) last = Math.max(last, isDated ? own : withinDay(own));
      return { item, at: last };
    });
  });
  return timed.toSorted((one, other) => (one.at === other.at ? 0 : one.at - other.at)).map(({ item }) => item);
}
