import { changeRouters } from "./change";
import type { Condition } from "./definition";
import { routersOf } from "../../model/network";

export const loss2pct: Condition = {
  id: "loss-2pct",
  title: "Every fiftieth TCP packet to a router is lost.",
  description:
    "On the way to the first router every fiftieth packet is lost, in both directions, before any rule or conntrack sees it, as on a bad radio link. TCP repeats it.",
  about: "loss",
  apply: (topology) => {
    const [nearest] = routersOf(topology);
    return changeRouters(topology, ({ id, make }) => (id === nearest?.id ? { make: { ...make, losesOneIn: 50 } } : {}));
  },
};
