import { makeRouters } from "./change";
import type { Condition } from "./definition";

export const mtu1280: Condition = {
  id: "mtu-1280",
  title: "Routers forward no packet longer than 1,280 bytes, and say so by ICMP.",
  description:
    "A tunnel or a line with a small MTU lies behind the routers. They answer packets that are too long with ICMP, and TCP then sends shorter segments (path MTU discovery, RFC 1191 and RFC 8201).",
  about: "MTU",
  apply: (topology) => makeRouters(topology, { mtu: 1280, tellsTooLong: true }),
};
