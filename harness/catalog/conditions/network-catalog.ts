import type { Topology } from "../../model/topology";
import { applyConditions } from "./registry";

/** Networks by id: those that have a file, and what conditions make of them: `firewall+reject`. */
export class NetworkCatalog {
  readonly #files: ReadonlyMap<string, Topology>;
  readonly #made = new Map<string, Topology>();

  constructor(files: readonly Topology[]) {
    this.#files = new Map(files.map((topology) => [topology.id, topology]));
  }

  /** The networks that have a file, in the order given; none with conditions. */
  files(): readonly Topology[] {
    return [...this.#files.values()];
  }

  /** The network of an id, with or without conditions; `undefined` also where a condition has no meaning in its network. */
  get(id: string): Topology | undefined {
    const network = this.#files.get(id) ?? this.#made.get(id) ?? this.#make(id);
    if (network !== undefined && !this.#files.has(id)) this.#made.set(id, network);
    return network;
  }

  /** Whether {@link get} finds a network. */
  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** A network has one id: an id with its conditions in another order than that of their list names no network. */
  #make(id: string): Topology | undefined {
    const [base = "", ...conditions] = id.split("+");
    const file = this.#files.get(base);
    if (file === undefined) return undefined;
    const made = applyConditions(file, conditions);
    return "problem" in made || made.id !== id ? undefined : made;
  }
}
