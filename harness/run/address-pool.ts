/** Client addresses: each session in flight has its own, so that every packet belongs to exactly one cell. */
export class AddressPool {
  readonly #free: string[];
  readonly #queue: ((address: string) => void)[] = [];

  constructor(addresses: readonly string[]) {
    this.#free = [...addresses];
  }

  take(): Promise<string> {
    const address = this.#free.shift();
    if (address !== undefined) return Promise.resolve(address);
    return new Promise((resolve) => {
      this.#queue.push(resolve);
    });
  }

  /** Gives an address back; it is used again last, when nothing of the old session is on the wire any more. */
  giveBack(address: string): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free.push(address);
    else next(address);
  }
}
