import fc from "fast-check";
import type { PlannedCell } from "../../../harness/model/cell";
import { shardOf } from "../../../harness/plan/shards";
import { makeCell } from "../../support/cells";

/** Cells of labs, one a name; only the topology tells them apart. */
function cellsOf(labs: readonly string[]): readonly PlannedCell[] {
  const expected = { result: "worked", stage: null, cause: null, reason: "It is so." } as const;
  return labs.map((topology) => ({ cell: makeCell({ topology }), expected }));
}

const labOf = ({ cell }: PlannedCell): string => cell.topology;

function allShards(
  labs: readonly string[],
  count: number,
  {
    durations = {},
    repeatEach = 1,
  }: { readonly durations?: Record<string, number>; readonly repeatEach?: number } = {},
) {
  const planned = cellsOf(labs);
  return Array.from({ length: count }, (_, index) => {
    return shardOf(planned, { shard: { index: index + 1, count }, labOf, repeatEach, durations });
  });
}

const lab = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "__proto__", "toString");
const durationsOf = fc.dictionary(lab, fc.double({ min: 0, max: 1e9, noNaN: true }));

describe("shardOf", () => {
  it("gives each cell to one shard, and each lab whole, whatever the durations are", () => {
    fc.assert(
      fc.property(
        fc.array(lab, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        durationsOf,
        (labs, count, repeatEach, durations) => {
          const shards = allShards(labs, count, { durations, repeatEach });
          const positions = shards.flatMap(({ info }) =>
            info.places.flatMap(({ first, count: length }) => Array.from({ length }, (_, index) => first + index)),
          );
          expect(positions.sort((a, b) => a - b)).toEqual(
            Array.from({ length: labs.length * repeatEach }, (_, index) => index),
          );
          const homes = shards.map(({ planned }) => new Set(planned.map(labOf)));
          for (const one of new Set(labs)) expect(homes.filter((home) => home.has(one))).toHaveLength(1);
          for (const { planned, info } of shards) {
            const places = info.places.flatMap((place) =>
              labs.slice(place.first / repeatEach).slice(0, place.count / repeatEach),
            );
            expect(planned.map(labOf)).toEqual(places);
          }
        },
      ),
    );
  });

  it("loads no shard with more than a third above what cannot be avoided", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (costs, count) => {
          const durations = Object.fromEntries(costs.map((cost, index) => [`lab-${index}`, cost]));
          const shards = allShards(Object.keys(durations), count, { durations });
          const loads = shards.map(({ planned }) =>
            planned.reduce((sum, one) => sum + (durations[labOf(one)] ?? 0), 0),
          );
          const sorted = [...costs].sort((a, b) => b - a);
          // Of `count + 1` labs two must share a shard.
          const least = Math.max(
            sorted[0] ?? 0,
            costs.reduce((a, b) => a + b) / count,
            (sorted[count - 1] ?? 0) + (sorted[count] ?? 0),
          );
          expect(Math.max(...loads)).toBeLessThanOrEqual((least * 4) / 3 + Math.max(...costs) / 3);
        },
      ),
    );
  });

  it("balances by cells where nothing was measured, and by durations where it was", () => {
    const labs = ["a", "a", "a", "a", "b", "b", "c", "c"];
    expect(allShards(labs, 2).map(({ planned }) => planned.map(labOf).join(""))).toEqual(["aaaa", "bbcc"]);
    const durations = { a: 10, b: 10, c: 500 };
    expect(allShards(labs, 2, { durations }).map(({ planned }) => planned.map(labOf).join(""))).toEqual([
      "cc",
      "aaaabb",
    ]);
  });

  it("takes a lab that was never measured for as long as its cells at the pace of the others", () => {
    const durations = { a: 100, b: 100 };
    const shares = allShards(["a", "b", "c", "c", "c"], 2, { durations });
    expect(shares.map(({ planned }) => planned.map(labOf).join(""))).toEqual(["ccc", "ab"]);
  });
});
