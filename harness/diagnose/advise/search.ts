import { withAll, type Change } from "./change";
import { worksFor, type State } from "./state";

/** Sets larger than this are nothing that anybody wants to be told. */
const mostTogether = 5;

/** Sets that a search may try: all of up to four out of sixteen changes. */
const mostTried = 2_600;

export type Found = {
  readonly sets: readonly (readonly Change[])[];
  /** Up to how many changes together all sets were looked at. */
  readonly together: number;
};

/**
 * The sets of changes with which every session is predicted to work, and none of which works with one change less: the smallest, and
 * where those are fewer than `wanted`, those with one more.
 * @param most how many changes together are looked at
 * @param isEnough what a set must come to, where that is not every session predicted to work
 */
export function smallestSets(
  state: State,
  changes: readonly Change[],
  wanted: number,
  {
    most = mostTogether,
    isEnough = worksFor,
  }: { readonly most?: number; readonly isEnough?: (state: State) => boolean } = {},
): Found {
  const sets: (readonly Change[])[] = [];
  let tried = 0;
  let smallest = Infinity;
  for (let size = 0; size <= Math.min(most, changes.length); size += 1) {
    const isMore = size > smallest;
    if (size > smallest + 1 || (isMore && sets.length >= wanted)) return { sets, together: size - 1 };
    // Larger sets are only looked at where all of them can be.
    if (isMore && size > 3 && tried + countOf(changes.length, size) > mostTried) return { sets, together: size - 1 };
    for (const set of combinations(changes, size)) {
      if (sets.some((found) => found.every((change) => set.includes(change)))) continue;
      if (isContradictory(set)) continue;
      tried += 1;
      if (tried > mostTried) return { sets, together: size - 1 };
      if (!isEnough(withAll(state, set))) continue;
      sets.push(set);
      smallest = Math.min(smallest, size);
    }
  }
  return { sets, together: Math.min(most, changes.length) };
}

/** How many sets of a size there are. */
function countOf(items: number, size: number): number {
  return size === 0 ? 1 : (countOf(items - 1, size - 1) * items) / size;
}

/** Two ways of one session, or two values of one setting. */
function isContradictory(set: readonly Change[]): boolean {
  const things = set.flatMap(({ use, server }) => {
    if (use !== undefined) return Object.keys(use.as).map((key) => `${key} ${use.index}`);
    return server?.node === undefined ? [] : [Object.keys(server.node).join()];
  });
  return new Set(things).size < things.length;
}

function* combinations<T>(items: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= items.length - size; at += 1) {
    const first = items[at];
    if (first === undefined) return;
    for (const rest of combinations(items, size - 1, at + 1)) yield [first, ...rest];
  }
}
