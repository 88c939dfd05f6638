import { makeRouters } from "./change";
import type { Condition } from "./definition";

export const iptablesLegacy: Condition = {
  id: "iptables-legacy",
  title: "Rules are held by the older iptables.",
  description:
    "The routers' rules are loaded with iptables-legacy-restore into the kernel's x_tables, as on systems from before 2019 and where administrators chose so.",
  about: "packet filter",
  apply: (topology) => makeRouters(topology, { tables: "legacy" }),
};
