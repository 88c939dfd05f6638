import { makeRouters } from "./change";
import type { Condition } from "./definition";

export const mtu1280Silent: Condition = {
  id: "mtu-1280-silent",
  title: "Routers send on no packet longer than 1,280 bytes, and do not say so.",
  description:
    "As `mtu-1280`, but the ICMP message is filtered: a black hole in which full segments vanish and short ones pass.",
  about: "MTU",
  apply: (topology) => makeRouters(topology, { mtu: 1280, tellsTooLong: false }),
};
