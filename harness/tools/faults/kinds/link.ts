import type { CauseId } from "../../../model/ids";
import { causesOfLoss, truthAt } from "../oracle/lost-causes";
import { placesOf, type Place } from "../place";
import type { Random } from "../../random";
import { traitsOf } from "../../../model/axes";
import type { Base, Fault, FaultKind } from "./definition";

/** A wire that takes nothing, or nothing long. */
export const link: FaultKind = {
  id: "link",
  weight: 4,
  draw: (base, random) => {
    const place = random.pick(placesOf(base));
    const wires = [place.towardClient, place.towardServer].flatMap((wire) => wire ?? []);
    if (wires.length === 0) return null;
    const wire = random.pick(wires);
    return random.chance(0.3) ? down(place, wire, base) : narrow(place, wire, base, random);
  },
};

function down(place: Place, wire: string, base: Base): Fault {
  return {
    what: `${place.node}: ip link set ${wire} down`,
    node: place.node,
    changes: [{ kind: "network", node: place.node, lines: [`ip link set ${wire} down`] }],
    rule: null,
    truth: ({ loss }) => {
      // Its neighbour cannot reach it either, and nothing has come to the host itself.
      const nodes = base.topology.nodes.map(({ id }) => id);
      if (loss === null) return { ...truthAt(place, ["client-never-dialled", "port-unreachable"]), nodes };
      const neighbour = { node: place.node, role: "router" as const };
      const own: readonly CauseId[] = place.role === "client" ? ["client-never-dialled"] : [];
      return { causes: [...own, ...causesOfLoss(loss, "route", neighbour, base)], nodes, quotesRule: false };
    },
  };
}

/** Only transfers and TLS have packets that long. */
function narrow(place: Place, wire: string, base: Base, random: Random): Fault | null {
  const { mode, operation } = base.planned.cell;
  if (place.role !== "router" || (traitsOf(mode).tls === "none" && operation === "list")) return null;
  const isV6 = place.family === "ipv6";
  const mtu = isV6 ? 1280 : random.pick([576, 900, 1000, 1200, 1280]);
  const silence = isV6
    ? "ip6tables -w -I OUTPUT -p ipv6-icmp --icmpv6-type packet-too-big -j DROP"
    : "iptables -w -I OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP";
  return {
    what: `${place.node}: ${wire} takes ${mtu} bytes, and nobody says so`,
    node: place.node,
    changes: [{ kind: "network", node: place.node, lines: [`ip link set ${wire} mtu ${mtu}`, silence] }],
    rule: null,
    // The other way, it is the wire's far end that loses what is longer.
    truth: () => ({
      causes: ["path-mtu-black-hole"],
      nodes: base.topology.nodes.map(({ id }) => id),
      quotesRule: false,
    }),
  };
}
