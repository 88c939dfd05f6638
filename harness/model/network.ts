import { traitsOf, type Mode } from "./axes";
import type { ClientNode, Family, Link, RouterNode, ServerNode, Topology, TopologyNode, UserRules } from "./topology";
import { perNetwork } from "./per-network";

/** Node by id; topologies are checked when they are read, so a miss is a bug. */
export function nodeOf(topology: Topology, id: string): TopologyNode {
  const node = nodesById(topology).get(id);
  if (node === undefined) throw new Error(`topology ${topology.id} has no node ${id}`);
  return node;
}

const nodesById = perNetwork(
  ({ nodes }): ReadonlyMap<string, TopologyNode> => new Map(nodes.toReversed().map((node) => [node.id, node])),
);

/** The one client host. */
export function clientOf(topology: Topology): ClientNode {
  return only(topology.nodes.filter((node) => node.kind === "client"));
}

/** Every server host, in the order of the file. */
export function serversOf(topology: Topology): readonly ServerNode[] {
  return topology.nodes.filter((node) => node.kind === "server");
}

/** The server host; of several the first, where it is no matter which. */
export function serverOf(topology: Topology): ServerNode {
  const [first] = serversOf(topology);
  if (first === undefined) throw new Error(`topology ${topology.id} has no server`);
  return first;
}

/** The control port that a mode dials in this network: where the server listens for its kind of TLS. */
export function dialledPort(topology: Topology, mode: Mode): number {
  const server = serverOf(topology);
  return traitsOf(mode).tls === "implicit" ? implicitPortOf(server) : server.controlPort;
}

/** Where a server listens for implicit TLS: 990 (IANA `ftps`) unless it is set otherwise. */
export function implicitPortOf({ implicitPort = 990 }: ServerNode): number {
  return implicitPort;
}

/** The client's host and the servers', in that order. */
export function hostsOf(topology: Topology): readonly (ClientNode | ServerNode)[] {
  return [clientOf(topology), ...serversOf(topology)];
}

/** Hosts and routers whose rules are a user's own, with these rules. */
export function ownRulesOf(topology: Topology): readonly { readonly node: string; readonly rules: UserRules }[] {
  return topology.nodes.flatMap((node) =>
    node.kind === "translator" || node.userRules === undefined ? [] : [{ node: node.id, rules: node.userRules }],
  );
}

/** All routers, in the order of the file. */
export function routersOf(topology: Topology): readonly RouterNode[] {
  return topology.nodes.filter((node) => node.kind === "router");
}

/** A node's place on a link: its interface and its own first address there, and the nodes at the other ends. */
export type Attachment = {
  readonly link: Link;
  readonly interface: string;
  readonly address: string;
  readonly peers: readonly string[];
};

/** The name of a node's interface on a link. */
export function interfaceOn(link: Link, nodeId: string): string {
  return link.ends.find((end) => end.node === nodeId)?.interface ?? link.id;
}

/** As {@link interfaceOn}, by the link's id. */
export function interfaceOf(topology: Topology, nodeId: string, linkId: string): string {
  return attachmentsOf(topology, nodeId).find(({ link }) => link.id === linkId)?.interface ?? linkId;
}

/** The id of the link that a node's interface is on; `null` if the node has no such interface. */
export function linkOfInterface(topology: Topology, nodeId: string, name: string): string | null {
  return attachmentsOf(topology, nodeId).find((attachment) => attachment.interface === name)?.link.id ?? null;
}

/** Every link that a node is on. */
export function attachmentsOf(topology: Topology, nodeId: string): readonly Attachment[] {
  return attachmentsByNode(topology).get(nodeId) ?? [];
}

const attachmentsByNode = perNetwork(({ links }) => {
  const byNode = new Map<string, Attachment[]>();
  for (const link of links) {
    for (const nodeId of new Set(link.ends.map(({ node }) => node))) {
      const own = link.ends.find((end) => end.node === nodeId);
      if (own === undefined) continue;
      const peers = link.ends.filter((end) => end.node !== nodeId).map((end) => end.node);
      const attachment = { link, interface: own.interface ?? link.id, address: own.addresses.first, peers };
      byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), attachment]);
    }
  }
  return byNode;
});

/** A node's address on its first link: for hosts, which have one, the address they are known by. */
export function addressOf(topology: Topology, nodeId: string): string {
  const [first] = attachmentsOf(topology, nodeId);
  if (first === undefined) throw new Error(`topology ${topology.id}: node ${nodeId} is on no link`);
  return first.address;
}

/** The family of a node's addresses: of a translator's, that of its first link. */
export function familyOf(topology: Topology, nodeId: string): Family {
  return addressOf(topology, nodeId).includes(":") ? "ipv6" : "ipv4";
}

/** The same network with no FTP helper on any router: what the negative control "helper off" predicts from. */
export function withoutHelpers(topology: Topology): Topology {
  return {
    ...topology,
    nodes: topology.nodes.map((node) => (node.kind === "router" ? { ...node, helperPorts: [] } : node)),
  };
}

function only<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined || items.length > 1) throw new Error(`expected one node, got ${items.length}`);
  return first;
}
