import { filtersThat } from "./filters";
import type { Condition } from "./definition";

export const drop: Condition = {
  id: "drop",
  title: "Filters drop what they do not allow.",
  description:
    "What no rule allows is dropped in silence: whoever opens a connection waits for his own time-out. The networks here do so unless they say otherwise.",
  about: "filter verdict",
  apply: (topology) => filtersThat(topology, "drop"),
};
