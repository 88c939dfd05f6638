import { isHeavyClient } from "../catalog/clients/registry";
import type { Cell } from "../model/cell";
import { Slots, type Slot } from "./slots";

/** One session in so many may be of a heavy client: more would starve the time-outs of their neighbours. */
const workersAHeavyClient = 8;

/** Places for the sessions of a run that work at the same time; those that only wait give theirs up. */
export class SessionPlaces {
  readonly #all: Slots;
  /** Beside that, for programs that take a desktop with them. */
  readonly #heavy: Slots;

  constructor(workers: number) {
    this.#all = new Slots(workers);
    this.#heavy = new Slots(Math.ceil(workers / workersAHeavyClient));
  }

  /** Waits, first come first served, for a place that a cell's session may work in. */
  async acquire(cell: Cell): Promise<Slot> {
    const heavy = isHeavyClient(cell.client) ? await this.#heavy.acquire() : null;
    const place = await this.#all.acquire();
    return {
      release: () => {
        place.release();
        heavy?.release();
      },
    };
  }
}
