import { traitsOf } from "../../../model/axes";
import { placesOf, sessionAddressOf, type Place } from "../place";
import type { Random } from "../../random";
import { truthAt } from "../oracle/lost-causes";
import { leastBurst } from "../../../plan/wiring";
import type { Base, Fault, FaultKind } from "./definition";

/** A setting of a node's kernel. */
export const sysctl: FaultKind = {
  id: "sysctl",
  weight: 6,
  draw: (base, random) => {
    const places = placesOf(base);
    const router = random.pick([...places.filter(({ role }) => role === "router"), null]);
    const host = random.pick(places.filter(({ role }) => role !== "router"));
    if (router === null) return host.family === "ipv4" ? shortLife(host, random) : null;
    const draw = random.weighted([
      { weight: 1, item: () => notForwarding(router) },
      { weight: 2, item: () => reversePath(router, base) },
      { weight: 2, item: () => forgetful(router, base, random) },
    ]);
    return draw();
  },
};

function notForwarding(router: Place): Fault {
  const name = router.family === "ipv6" ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";
  return {
    what: `${router.node}: ${name}=0`,
    node: router.node,
    changes: [{ kind: "sysctls", node: router.node, values: { [name]: "0" } }],
    rule: null,
    truth: () => truthAt(router, ["port-unreachable"]),
  };
}

/**
 * The way back to the client leads elsewhere for who asks without an incoming link, as the reverse path filter does; what is forwarded
 * still goes the right way, so nothing but the filter can stop the session.
 */
function reversePath(router: Place, base: Base): Fault | null {
  if (router.family === "ipv6" || router.towardClient === null) return null;
  const address = sessionAddressOf(base);
  const link = router.towardClient;
  return {
    what: `${router.node}: rp_filter=1 on ${link}, and another way back to ${address}`,
    node: router.node,
    changes: [
      {
        kind: "network",
        node: router.node,
        lines: [
          "ip link add elsewhere type veth peer name nowhere",
          "ip link set elsewhere up",
          "ip route add default dev elsewhere table 100",
          `ip rule add iif lo to ${address} lookup 100`,
        ],
      },
      { kind: "sysctls", node: router.node, values: { [`net.ipv4.conf.${link}.rp_filter`]: "1" } },
    ],
    rule: null,
    truth: ({ loss }) =>
      loss?.connection === "control" && loss.kind === "syn" ? truthAt(router, ["reverse-path-filtered"]) : null,
  };
}

/** Data takes some seconds, while the control connection says nothing and the router soon forgets it. */
function forgetful(router: Place, base: Base, random: Random): Fault | null {
  const { operation, client, mode } = base.planned.cell;
  if (operation === "list" || client !== "basic-ftp" || traitsOf(mode).protection === null) return null;
  const [host] = placesOf(base).filter(({ role }) => role === (operation === "download" ? "server" : "client"));
  const link = host?.towardClient ?? host?.towardServer;
  if (host === undefined || link === undefined || link === null) return null;
  const seconds = random.whole(1, 2);
  return {
    what: `${router.node}: forgets silent connections after ${seconds} s, and ${host.node} sends 100 kbit/s`,
    node: router.node,
    changes: [
      {
        kind: "sysctls",
        node: router.node,
        values: {
          "net.netfilter.nf_conntrack_tcp_timeout_established": String(seconds),
          "net.netfilter.nf_conntrack_tcp_loose": "0",
        },
      },
      {
        kind: "network",
        node: host.node,
        lines: [`tc qdisc add dev ${link} root tbf rate 100kbit burst ${leastBurst} latency 20s`],
      },
      { kind: "client", set: { deadlines: { transfer: 20_000, completion: 4_000 } } },
    ],
    rule: null,
    truth: () => truthAt(router, ["control-connection-dropped-idle"]),
  };
}

function shortLife(host: Place, random: Random): Fault {
  const ttl = random.whole(1, 2);
  return {
    what: `${host.node}: net.ipv4.ip_default_ttl=${ttl}`,
    node: host.node,
    changes: [{ kind: "sysctls", node: host.node, values: { "net.ipv4.ip_default_ttl": String(ttl) } }],
    rule: null,
    // It is any router behind the host that ends its packets.
    truth: ({ loss }) => (loss === null ? null : { causes: ["ttl-expired"], nodes: [], quotesRule: false }),
  };
}
