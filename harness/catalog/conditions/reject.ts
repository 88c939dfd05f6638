import { filtersThat } from "./filters";
import type { Condition } from "./definition";

export const reject: Condition = {
  id: "reject",
  title: "Filters answer what they do not allow with RST.",
  description:
    "Connections that no rule allows are answered with a TCP reset, as by `REJECT --reject-with tcp-reset`: the side that opens one learns at once that it is refused.",
  about: "filter verdict",
  apply: (topology) => filtersThat(topology, "reject"),
};
