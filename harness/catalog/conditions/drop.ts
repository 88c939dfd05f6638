import { filtersThat } from "./filters";
import type { Condition } from "./definition";

export const drop: Condition = {
  id: "drop",
  title: "Filters drop what they do not allow.",
  description:
    "Connections that no rule allows are dropped silently, so the side that opens one waits for its own time-out. The networks here do so unless they say otherwise.",
  about: "filter verdict",
  apply: (topology) => filtersThat(topology, "drop"),
};
