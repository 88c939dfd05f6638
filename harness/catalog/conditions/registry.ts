import type { Topology } from "../../model/topology";
import { isApplicable, type Condition } from "./definition";
import { delay100ms } from "./delay-100ms";
import { drop } from "./drop";
import { helper227Only } from "./helper-227-only";
import { helperNft } from "./helper-nft";
import { idleTimeout1s } from "./idle-timeout-1s";
import { iptablesLegacy } from "./iptables-legacy";
import { loss2pct } from "./loss-2pct";
import { mtu1280 } from "./mtu-1280";
import { mtu1280Silent } from "./mtu-1280-silent";
import { port2121 } from "./port-2121";
import { port2121Helper } from "./port-2121-helper";
import { rate128kbit } from "./rate-128kbit";
import { rate1mbit } from "./rate-1mbit";
import { reject } from "./reject";
import { rejectIcmp } from "./reject-icmp";

/** Every condition, in the order in which they are listed and applied; a new one is a file here and a line in this list. */
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
];

/**
 * The network with the conditions of these ids true in it, and its id with them: `firewall+reject`. The order of the ids is that
 * of the list, so that a network has one id.
 */
export function applyConditions(topology: Topology, ids: readonly string[]): Topology | { readonly problem: string } {
  const chosen = conditions.filter(({ id }) => ids.includes(id));
  const [unknown] = ids.filter((id) => !conditions.some((condition) => condition.id === id));
  if (unknown !== undefined) return { problem: `there is no condition \`${unknown}\`` };
  let changed = topology;
  for (const [index, condition] of chosen.entries()) {
    const other = chosen.slice(0, index).find(({ about }) => about === condition.about);
    if (other !== undefined) {
      return {
        problem: `\`${other.id}\` and \`${condition.id}\` exclude each other: both are about the ${condition.about}`,
      };
    }
    const applied = condition.apply(changed);
    if (!isApplicable(applied)) {
      return { problem: `\`${condition.id}\` has no meaning in ${topology.id}, which ${applied.problem}` };
    }
    changed = applied;
  }
  return { ...changed, id: [topology.id, ...chosen.map(({ id }) => id)].join("+") };
}
