import type { Topology, TopologyNode } from "../model/topology";
import { addressOf } from "./network";
import { siteName } from "./site";

/** What a node's container must be given; a value that could be written as JSON. */
export type NodePlan = {
  readonly node: string;
  readonly role: TopologyNode["kind"];
  readonly capabilities: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly hosts: readonly { readonly host: string; readonly ipAddress: string }[];
};

/** One container for each node of a topology. */
export function planLab(topology: Topology): NodePlan[] {
  return topology.nodes.map((node) => ({
    node: node.id,
    role: node.kind,
    capabilities: node.kind === "router" ? ["NET_ADMIN", "NET_RAW"] : [],
    sysctls: { ...familySysctls(topology), ...roleSysctls(topology, node) },
    hosts: hostsOf(topology, node),
  }));
}

function familySysctls(topology: Topology): Record<string, string> {
  return topology.family === "ipv6"
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
  if (node.kind === "router") {
    return topology.family === "ipv6"
      ? { "net.ipv6.conf.all.forwarding": "1" }
      : {
          "net.ipv4.ip_forward": "1",
          // The kernel takes the greater of `all` and the interface's own, which comes from `default`.
          "net.ipv4.conf.all.rp_filter": "0",
          "net.ipv4.conf.default.rp_filter": "0",
          // A router that sends back into a network what came from it would tell its sender of a shorter way (ICMP redirect, RFC 1122),
          // on which nobody translates.
          "net.ipv4.conf.all.send_redirects": "0",
          "net.ipv4.conf.default.send_redirects": "0",
        };
  }
  // A dropped SYN is given up after 3 s (two SYNs, tcp(7)) instead of two minutes: the server's 425 names the reason in time.
  return { "net.ipv4.tcp_syn_retries": "1" };
}

function hostsOf(topology: Topology, node: TopologyNode): NodePlan["hosts"] {
  if (node.kind === "client") return [{ host: siteName, ipAddress: topology.dial }];
  if (node.kind === "server") return [{ host: siteName, ipAddress: addressOf(topology, node.id) }];
  return [];
}
