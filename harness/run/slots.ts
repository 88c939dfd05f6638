/**
 * Places for work that uses the processor. A session that only waits gives its place up, so that blocked cells wait side by
 * side while as many others work as the machine can carry.
 */
export class Slots {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Waits, first come first served, for a place. */
  async acquire(): Promise<Slot> {
    if (this.#free > 0) this.#free -= 1;
    else
      await new Promise<void>((resolve) => {
        this.#queue.push(resolve);
      });
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#passOn();
      },
    };
  }

  #passOn(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** A place; releasing it twice is harmless, so whoever waits may give it up early. */
export type Slot = { readonly release: () => void };
