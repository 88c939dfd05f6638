import { makeRouters } from "./change";
import type { Condition } from "./definition";

export const idleTimeout1s: Condition = {
  id: "idle-timeout-1s",
  title: "Routers forget a silent connection after a second.",
  description:
    "conntrack forgets an established connection for good after one second of silence. Real routers take minutes (RFC 5382 asks for two hours); a transfer of minutes shows there what one of seconds shows here.",
  about: "idle time-out",
  apply: (topology) => makeRouters(topology, { idleTimeoutS: 1 }),
};
