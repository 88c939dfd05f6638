/** By how much a time may grow where the length is doubled. */
export const mostGrowth = 2.3;

/**
 * By how much the time for something grows each time that its length is doubled, at most, as a measure to be taken again: other work on
 * the machine makes a time longer and never shorter, so the shortest of each length counts. Times below `floorMs` are those of the machine.
 */
export function growthOver(
  lengths: readonly number[],
  msFor: (length: number) => number,
  floorMs: number,
): () => number {
  const shortest = lengths.map(() => Infinity);
  return () => {
    for (const [index, length] of lengths.entries()) {
      shortest[index] = Math.min(shortest[index] ?? Infinity, Math.max(msFor(length), floorMs));
    }
    return Math.max(...shortest.slice(1).map((time, index) => time / (shortest[index] ?? time)));
  };
}
