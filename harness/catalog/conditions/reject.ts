import { filtersThat } from "./filters";
import type { Condition } from "./definition";

export const reject: Condition = {
  id: "reject",
  title: "Filters refuse with RST what they do not allow.",
  description:
    "What no rule allows is answered with a TCP reset, as by `REJECT --reject-with tcp-reset`: whoever opens a connection learns at once that it is refused.",
  about: "filter verdict",
  apply: (topology) => filtersThat(topology, "reject"),
};
