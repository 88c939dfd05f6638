import type { Catalog } from "../../plan/planned-cells";
import { drawBase } from "./base-cells";
import { faultKinds } from "./kinds/all";
import type { Base, Fault, FaultKind } from "./kinds/definition";
import { randomOf } from "./random";

/** A fault with its place in the seed's order. */
export type DrawnFault = {
  readonly seed: number;
  readonly index: number;
  readonly kind: FaultKind["id"];
  readonly base: Base;
  readonly fault: Fault;
};

/** What to draw from. */
export type DrawRequest = {
  readonly catalog: Catalog;
  /** Ids of networks. */
  readonly topologies: readonly string[];
  readonly kinds: readonly FaultKind[];
};

/** The kinds of these ids, or all. @throws Error for one that there is not */
export function kindsNamed(ids: readonly string[] | undefined): readonly FaultKind[] {
  const unknown = ids?.find((id) => !faultKinds.some((kind) => kind.id === id));
  if (unknown !== undefined) throw new Error(`no kind of fault ${unknown}`);
  return faultKinds.filter(({ id }) => ids?.includes(id) !== false);
}

const mostDrawings = 200;

/** The fault of a seed and an index: the same each time, as long as catalogue and kinds are the same. */
export function drawFault(seed: number, index: number, { catalog, topologies, kinds }: DrawRequest): DrawnFault {
  const random = randomOf(seed, index);
  for (let drawing = 0; drawing < mostDrawings; drawing += 1) {
    const base = drawBase(catalog, topologies, random);
    const kind = random.weighted(kinds.map((item) => ({ weight: item.weight, item })));
    const fault = kind.draw(base, random);
    if (fault !== null) return { seed, index, kind: kind.id, base, fault };
  }
  throw new Error(`no fault of ${kinds.map(({ id }) => id).join(", ")} fits any cell`);
}
