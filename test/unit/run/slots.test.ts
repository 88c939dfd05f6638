import { setImmediate as turn } from "node:timers/promises";
import { Slots, type Slot } from "../../../harness/run/slots";

/** Acquires, and tells whether and with what it was let in. */
function knock(slots: Slots, name: string, order: string[]): { slot: Slot | null } {
  const visitor: { slot: Slot | null } = { slot: null };
  void slots.acquire().then((slot) => {
    visitor.slot = slot;
    order.push(name);
  });
  return visitor;
}

describe("places for work", () => {
  it("are given at once while there are any, and then in the order of asking", async () => {
    const slots = new Slots(2);
    const order: string[] = [];
    const [a, b] = [knock(slots, "a", order), knock(slots, "b", order)];
    knock(slots, "c", order);
    knock(slots, "d", order);
    await turn();
    expect(order).toEqual(["a", "b"]);
    b.slot?.release();
    await turn();
    expect(order).toEqual(["a", "b", "c"]);
    a.slot?.release();
    await turn();
    expect(order).toEqual(["a", "b", "c", "d"]);
  });

  it("can be given up by work that waits, so that other work goes on beside it", async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const waiting = knock(slots, "waiting", order);
    knock(slots, "working", order);
    await turn();
    waiting.slot?.release();
    await turn();
    expect(order).toEqual(["waiting", "working"]);
  });

  it("are not multiplied by releasing one twice", async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const first = knock(slots, "first", order);
    await turn();
    first.slot?.release();
    first.slot?.release();
    knock(slots, "second", order);
    knock(slots, "third", order);
    await turn();
    expect(order).toEqual(["first", "second"]);
    // The late release of a place that is long given up frees nobody else's.
    first.slot?.release();
    await turn();
    expect(order).toEqual(["first", "second"]);
  });

  it.each([1, 3, 8])("hold never more than %i at once, and leave nobody out", async (limit) => {
    const slots = new Slots(limit);
    let inside = 0;
    let most = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        // Who comes back meets others that wait already.
        for (let round = 0; round < 5; round += 1) {
          const slot = await slots.acquire();
          inside += 1;
          most = Math.max(most, inside);
          for (let turns = 0; turns < (index + round) % 4; turns += 1) await turn();
          inside -= 1;
          slot.release();
          if (index % 3 === 0) slot.release();
          done += 1;
        }
      }),
    );
    expect({ most, done }).toEqual({ most: limit, done: 100 });
  });
});
