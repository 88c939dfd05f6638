import type { Family, Topology, TopologyNode } from "../model/topology";
import { addressOf, familyOf } from "../model/network";
import { siteName } from "../model/ftp-site";

export const tunDevice = "/dev/net/tun";

/** What a node's container must be given; a value that could be written as JSON. */
export type NodePlan = {
  readonly node: string;
  readonly role: TopologyNode["kind"];
  readonly capabilities: readonly string[];
  /** Device files of the engine's machine. */
  readonly devices: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly hosts: readonly { readonly host: string; readonly ipAddress: string }[];
};

/** One container for each node of a topology. */
export function planLab(topology: Topology): NodePlan[] {
  return topology.nodes.map((node) => ({
    node: node.id,
    role: node.kind,
    capabilities: node.kind === "router" || node.kind === "translator" ? ["NET_ADMIN", "NET_RAW"] : [],
    // tayga reads and writes packets through an interface of its own (TUN).
    devices: node.kind === "translator" ? [tunDevice] : [],
    sysctls: { ...familySysctls(topology, node), ...roleSysctls(topology, node) },
    hosts: hostsOf(topology, node),
  }));
}

/** Whether a node has IPv6 at all. */
export function speaksIpv6(topology: Topology, { id, kind }: TopologyNode): boolean {
  return kind === "translator" || familyOf(topology, id) === "ipv6";
}

function familySysctls(topology: Topology, node: TopologyNode): Record<string, string> {
  return speaksIpv6(topology, node)
    ? {
        "net.ipv6.conf.all.disable_ipv6": "0",
        "net.ipv6.conf.default.disable_ipv6": "0",
        // Duplicate address detection (RFC 4862) would hold link-local addresses back for a second, and neighbours with them.
        "net.ipv6.conf.all.accept_dad": "0",
        "net.ipv6.conf.default.accept_dad": "0",
      }
    : {};
}

function roleSysctls(topology: Topology, node: TopologyNode): Record<string, string> {
  if (node.kind === "translator") return { ...forwarding.ipv6, ...forwarding.ipv4 };
  if (node.kind === "router") return forwarding[familyOf(topology, node.id)];
  // A dropped SYN is given up after 3 s (two SYNs, tcp(7)) instead of two minutes: the server's 425 names the reason in time.
  return { "net.ipv4.tcp_syn_retries": "1" };
}

const forwarding: Readonly<Record<Family, Record<string, string>>> = {
  ipv6: { "net.ipv6.conf.all.forwarding": "1" },
  ipv4: {
    "net.ipv4.ip_forward": "1",
    // The kernel takes the greater of `all` and the interface's own, which comes from `default`.
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    // A router that sends back into a network what came from it would tell its sender of a shorter way (ICMP redirect, RFC 1122),
    // on which nobody translates.
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
  },
};

function hostsOf(topology: Topology, node: TopologyNode): NodePlan["hosts"] {
  if (node.kind === "client") return [{ host: siteName, ipAddress: topology.dial }];
  if (node.kind === "server") return [{ host: siteName, ipAddress: addressOf(topology, node.id) }];
  return [];
}
