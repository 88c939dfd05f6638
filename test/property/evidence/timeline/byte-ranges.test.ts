import fc from "fast-check";
import { Pieces } from "../../../../harness/evidence/timeline/byte-ranges";

const range = fc.record({ start: fc.nat(60), length: fc.integer({ min: 1, max: 20 }) });

test("pieces tell each position once, by what carried it first", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
      const pieces = new Pieces<number>();
      const first = new Map<number, number>();
      for (const [carrier, { start, length }] of ranges.entries()) {
        const known = pieces.add({ start, end: start + length }, carrier);
        const positions = Array.from({ length }, (_, offset) => start + offset);
        expect(known.length > 0).toBe(positions.some((position) => first.has(position)));
        for (const position of positions) if (!first.has(position)) first.set(position, carrier);
      }
      const told = pieces
        .all()
        .flatMap(({ start, end, carrier }) =>
          Array.from({ length: end - start }, (_, offset) => [start + offset, carrier]),
        );
      expect(told).toEqual([...first].sort(([one], [other]) => one - other));
    }),
    { numRuns: 300 },
  );
});
