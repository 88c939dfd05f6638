import type { FilterVerdict, Topology } from "../../model/topology";
import { routersOf } from "../../model/network";
import { changeRouters } from "./change";
import type { Inapplicable } from "./definition";

/** Every chain that does not accept does this in its place. */
export function filtersThat(topology: Topology, verdict: FilterVerdict): Topology | Inapplicable {
  const routers = routersOf(topology);
  if (routers.length > 0 && routers.every(({ filter }) => filter.input === "accept" && filter.forward === "accept")) {
    return { problem: "filters nothing" };
  }
  const instead = (now: FilterVerdict): FilterVerdict => (now === "accept" ? now : verdict);
  return changeRouters(topology, ({ filter }) => ({
    filter: { ...filter, input: instead(filter.input), forward: instead(filter.forward) },
  }));
}
