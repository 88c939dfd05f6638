import type { Link, Topology, TopologyNode } from "../model/topology";
import { isInRange } from "../net/blocks";

/** A node on the way, and the link that leads to it from the one before. */
export type Hop = { readonly node: TopologyNode; readonly from: Link | null };

/** From the client to the node that it dials, and from there to the server; only the client where there is no such way. */
export function wayToServer(topology: Topology): readonly Hop[] {
  const client = topology.nodes.find((node) => node.kind === "client");
  if (client === undefined) return [];
  const start: Hop = { node: client, from: null };
  const toDialled = wayTo(topology, client, ({ id }) => hasAddress(topology, id, topology.dial));
  const last = toDialled?.at(-1)?.node ?? client;
  const onward = wayTo(topology, last, ({ kind }) => kind === "server");
  return onward === null ? [start] : [start, ...(toDialled ?? []), ...onward];
}

/** The shortest chain of links from a node to the one that is looked for. */
function wayTo(topology: Topology, start: TopologyNode, isIt: (node: TopologyNode) => boolean): readonly Hop[] | null {
  const ways: { readonly hops: readonly Hop[]; readonly end: TopologyNode }[] = [{ hops: [], end: start }];
  const seen = new Set([start.id]);
  // Grows while it is walked: breadth first.
  for (const { hops, end } of ways) {
    if (isIt(end)) return hops;
    for (const link of topology.links.filter(({ ends }) => ends.some(({ node }) => node === end.id))) {
      for (const node of topology.nodes) {
        if (seen.has(node.id) || !link.ends.some((other) => other.node === node.id)) continue;
        seen.add(node.id);
        ways.push({ hops: [...hops, { node, from: link }], end: node });
      }
    }
  }
  return null;
}

function hasAddress(topology: Topology, nodeId: string, address: string): boolean {
  return topology.links.some(({ ends }) =>
    ends.some(({ node, addresses }) => node === nodeId && isInRange(addresses, address)),
  );
}
