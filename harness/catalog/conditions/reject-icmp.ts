import { filtersThat } from "./filters";
import type { Condition } from "./definition";

export const rejectIcmp: Condition = {
  id: "reject-icmp",
  title: "Filters refuse with ICMP what they do not allow.",
  description:
    "What no rule allows is answered with ICMP (administratively prohibited), as by `REJECT --reject-with icmp-admin-prohibited`, the end of the rules that Red Hat systems had for years.",
  about: "filter verdict",
  apply: (topology) => filtersThat(topology, "prohibit"),
};
