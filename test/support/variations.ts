/** Networks and servers that differ from the project's own in one thing. */
import type { ServerProfile, TlsRequired } from "../../harness/model/server-profile";
import type { Filter, RouterNode, ServerNode, Topology, TopologyNode } from "../../harness/model/topology";
import { profileNamed } from "./inputs";

/** The topology with every router changed. */
export function withRouters(topology: Topology, change: (router: RouterNode) => Partial<RouterNode>): Topology {
  return withNodes(topology, (node) => (node.kind === "router" ? { ...node, ...change(node) } : node));
}

/** The topology with one router changed. */
export function withRouter(topology: Topology, id: string, change: Partial<RouterNode>): Topology {
  return withRouters(topology, (router) => (router.id === id ? change : {}));
}

/** The topology with the filter of every router changed. */
export function withFilters(topology: Topology, change: Partial<Filter>): Topology {
  return withRouters(topology, ({ filter }) => ({ filter: { ...filter, ...change } }));
}

/** The topology in which no new connection may pass from a link, unless a helper expects it. */
export function withoutEgress(topology: Topology, from: string): Topology {
  return withRouters(topology, ({ filter }) => ({
    filter: { ...filter, allow: filter.allow.filter((rule) => rule.from !== from) },
  }));
}

/** The topology with its server changed. */
export function withServer(topology: Topology, change: Partial<ServerNode>): Topology {
  return withNodes(topology, (node) => (node.kind === "server" ? { ...node, ...change } : node));
}

/** `tls-optional` with another `TLSRequired`, and with or without the demand that data connections resume the session. */
export function profileRequiring(required: TlsRequired, { reuse }: { readonly reuse: boolean }): ServerProfile {
  const profile = profileNamed("tls-optional");
  if (profile.tls === null) throw new Error("tls-optional has no TLS");
  return { ...profile, tls: { ...profile.tls, required, options: reuse ? [] : ["NoSessionReuseRequired"] } };
}

function withNodes(topology: Topology, change: (node: TopologyNode) => TopologyNode): Topology {
  return { ...topology, nodes: topology.nodes.map(change) };
}
