import type { Catalog } from "../../plan/planned-cells";
import { drawBase } from "./base-cells";
import { faultKinds } from "./kinds/all";
import type { Base, Fault, FaultKind } from "./kinds/definition";
import { randomOf } from "../random";

/** A fault with its place in the seed's order. */
export type DrawnFault = {
  readonly seed: number;
  readonly index: number;
  readonly kind: FaultKind["id"];
  readonly base: Base;
  readonly fault: Fault;
};

/** Which of a seed's faults are meant. An index is the same fault whatever is chosen. */
export type Choice = {
  /** Ids of networks. */
  readonly topologies: readonly string[];
  /** Ids of kinds. */
  readonly kinds: readonly string[];
};

export function isChosen({ base, kind }: DrawnFault, { topologies, kinds }: Choice): boolean {
  return topologies.includes(base.topology.id) && kinds.includes(kind);
}

const mostDrawings = 200;

/** The fault of a seed and an index: the same each time, as long as catalogue and kinds are the same. */
export function drawFault(seed: number, index: number, catalog: Catalog): DrawnFault {
  const random = randomOf(seed, index);
  for (let drawing = 0; drawing < mostDrawings; drawing += 1) {
    const base = drawBase(catalog, random);
    const kind = random.weighted(faultKinds.map((item) => ({ weight: item.weight, item })));
    const fault = kind.draw(base, random);
    if (fault !== null) return { seed, index, kind: kind.id, base, fault };
  }
  throw new Error("no fault fits any cell");
}
