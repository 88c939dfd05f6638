// Written by `npm run generate`, which keeps this order and puts what is new at the end.
import type { Condition } from "./definition";
import { drop } from "./drop";
import { reject } from "./reject";
import { rejectIcmp } from "./reject-icmp";
import { helperNft } from "./helper-nft";
import { helper227Only } from "./helper-227-only";
import { port2121 } from "./port-2121";
import { port2121Helper } from "./port-2121-helper";
import { iptablesLegacy } from "./iptables-legacy";
import { idleTimeout1s } from "./idle-timeout-1s";
import { mtu1280 } from "./mtu-1280";
import { mtu1280Silent } from "./mtu-1280-silent";
import { loss2pct } from "./loss-2pct";
import { rate1mbit } from "./rate-1mbit";
import { rate128kbit } from "./rate-128kbit";
import { delay100ms } from "./delay-100ms";
import { clientFirewall } from "./client-firewall";
import { serverFirewall } from "./server-firewall";

/** Every condition, in the order in which they are listed, applied, and named in a network's id. */
export const conditions: readonly Condition[] = [
  drop,
  reject,
  rejectIcmp,
  helperNft,
  helper227Only,
  port2121,
  port2121Helper,
  iptablesLegacy,
  idleTimeout1s,
  mtu1280,
  mtu1280Silent,
  loss2pct,
  rate1mbit,
  rate128kbit,
  delay100ms,
  clientFirewall,
  serverFirewall,
];
