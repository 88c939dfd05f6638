import { randomOf } from "../../../harness/tools/random";

const items = Array.from({ length: 50 }, (_, index) => index);

test("the same seed and index give the same order, and others another one", () => {
  const order = randomOf(7, 3).shuffled(items);
  expect(randomOf(7, 3).shuffled(items)).toEqual(order);
  expect(randomOf(7, 4).shuffled(items)).not.toEqual(order);
  expect(randomOf(8, 3).shuffled(items)).not.toEqual(order);
});

test("an order has every item once, and leaves the list as it was", () => {
  const before = [...items];
  const order = randomOf(1, 1).shuffled(items);
  expect(order).not.toEqual(items);
  expect(order.toSorted((one, other) => one - other)).toEqual(before);
  expect(items).toEqual(before);
  expect(randomOf(1, 1).shuffled([])).toEqual([]);
});

test("every order is as likely as any other", () => {
  const counts = new Map<string, number>();
  for (let index = 0; index < 6000; index += 1) {
    const order = randomOf(1, index).shuffled(["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
