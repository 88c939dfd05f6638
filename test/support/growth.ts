/**
 * By how much a time may grow where the length is made four times as long. What is linear takes 4 times as long, and what is half
 * quadratic already at the shorter length 10 times.
 */
export const mostGrowth = 5;

/**
 * By how much the time for something grows where its length is made four times as long, as a measure to be taken again: other work on
 * the machine makes a time longer and never shorter, so the shortest of each length counts. Times below `floorMs` are those of the machine.
 */
export function growthFrom(length: number, msFor: (length: number) => number, floorMs: number): () => number {
  let [short, long] = [Infinity, Infinity];
  return () => {
    short = Math.min(short, Math.max(msFor(length), floorMs));
    long = Math.min(long, Math.max(msFor(4 * length), floorMs));
    return long / short;
  };
}
