/** Choices that can be made again: all of them follow from a seed and an index. */
export type Random = {
  /** From 0, and less than 1. */
  readonly next: () => number;
  /** A whole number, both ends included. */
  readonly whole: (first: number, last: number) => number;
  readonly chance: (probability: number) => boolean;
  /** @throws Error for an empty list */
  readonly pick: <T>(items: readonly T[]) => T;
  /** By weights, which need no certain sum. @throws Error for an empty list */
  readonly weighted: <T>(items: readonly { readonly weight: number; readonly item: T }[]) => T;
  /** The same items, every order as likely as any other (Fisher and Yates). */
  readonly shuffled: <T>(items: readonly T[]) => readonly T[];
};

/** The choices of a seed that belong to one index: one fault's, or one run's. */
export function randomOf(seed: number, index: number): Random {
  const next = mulberry32(mix(mix(seed) ^ index));
  const pick = <T>(items: readonly T[]): T => required(items[Math.floor(next() * items.length)]);
  return {
    next,
    whole: (first, last) => first + Math.floor(next() * (last - first + 1)),
    chance: (probability) => next() < probability,
    pick,
    weighted: (items) => {
      const sum = items.reduce((total, { weight }) => total + weight, 0);
      let left = next() * sum;
      const found = items.find(({ weight }) => (left -= weight) < 0) ?? items.at(-1);
      return required(found).item;
    },
    shuffled: (items) => {
      const left = [...items];
      return items.map(() => required(left.splice(Math.floor(next() * left.length), 1)[0]));
    },
  };
}

function required<T>(item: T | undefined): T {
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}

/** Neighbouring numbers give starts far from each other (MurmurHash3's last steps). */
function mix(value: number): number {
  let bits = (value | 0) + 0x9e3779b9;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Tommy Ettinger's generator of 32 bits. */
function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
