/** Items that have a key in common: never empty. */
export type Group<Item> = readonly [Item, ...Item[]];

/** Groups in the order of their first items. (`Map.groupBy` does the same from Node 21 on.) */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Group<Item>[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
