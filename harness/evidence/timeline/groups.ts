/** Items that turn out to belong together, pair by pair. */
export class Groups<Item> {
  readonly #groupOf: Map<Item, Item[]>;

  constructor(items: readonly Item[]) {
    this.#groupOf = new Map(items.map((item) => [item, [item]]));
  }

  join(one: Item, other: Item): void {
    const [kept, joined] = [this.#group(one), this.#group(other)];
    if (kept === joined) return;
    for (const item of joined) {
      kept.push(item);
      this.#groupOf.set(item, kept);
    }
  }

  /** Whether the two groups have a member each for which the property is the same. */
  sharesAny(one: Item, other: Item, property: (item: Item) => unknown): boolean {
    const [mine, theirs] = [this.#group(one), this.#group(other)];
    const values = new Set(mine.map(property));
    return mine !== theirs && theirs.some((item) => values.has(property(item)));
  }

  all(): readonly (readonly Item[])[] {
    return [...new Set(this.#groupOf.values())];
  }

  #group(item: Item): Item[] {
    return this.#groupOf.get(item) ?? [item];
  }
}
