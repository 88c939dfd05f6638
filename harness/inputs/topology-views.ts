/**
 * A network with several clients is one network for each of them, as it is seen from the client's position: `office@internet` and
 * `office@lan`. Everything behind this sees networks with one client.
 */
import { attachmentsOf } from "../model/network";
import { viewId } from "../model/positions";
import type { ClientNode, Link, Topology, TopologyNode } from "../model/topology";
import { isInRange } from "../net/blocks";
import { routersFromClientOn } from "./topology-order";

/** The positions of a network's clients, in the order of the file. */
export function positionsOf(whole: Topology): readonly string[] {
  return clientsIn(whole).map(positionOf);
}

/** The network from each of its positions; one with a single client keeps its id. */
export function viewsOf(whole: Topology): readonly Topology[] {
  const [first, ...others] = clientsIn(whole);
  if (first === undefined) return [whole];
  if (others.length === 0) return [seenBy(first, whole, whole.id)];
  return clientsIn(whole).map((client) => seenBy(client, whole, viewId(whole.id, positionOf(client))));
}

/** The network from one of its positions; `null` if no client has it. */
export function viewFrom(whole: Topology, position: string): Topology | null {
  return viewsOf(whole)[positionsOf(whole).indexOf(position)] ?? null;
}

function clientsIn({ nodes }: Topology): readonly ClientNode[] {
  return nodes.filter((node) => node.kind === "client");
}

function positionOf({ id, position }: ClientNode): string {
  return position ?? id;
}

function seenBy(client: ClientNode, whole: Topology, id: string): Topology {
  const { dial = whole.dial, ...rest } = client;
  const nodes = whole.nodes.map((one) => (one === client ? rest : one));
  const others = clientsIn(whole).flatMap((other) => (other === client ? [] : [other.id]));
  const own = { ...whole, id, dial, nodes };
  if (others.length === 0) return own;
  const elsewhere = whole.links.flatMap(({ ends }) => ends.filter((end) => others.includes(end.node)));
  const { links, ...view } = withoutForeignRouters(without(others, own));
  return {
    ...view,
    nodes: routersFromClientOn(view.nodes, links),
    links,
    elsewhere: elsewhere.map(({ addresses }) => addresses),
  };
}

/** The network without some nodes, and without the links that then have no node. */
function without(ids: readonly string[], topology: Topology): Topology {
  const links = topology.links.flatMap((link): readonly Link[] => {
    const ends = link.ends.filter(({ node }) => !ids.includes(node));
    return ends.length === link.ends.length ? [link] : ends.length === 0 ? [] : [{ ...link, ends }];
  });
  return { ...topology, nodes: topology.nodes.filter(({ id }) => !ids.includes(id)), links };
}

/** Routers that only other clients need, such as the one at another client's home, are left out with them. */
function withoutForeignRouters(topology: Topology): Topology {
  const foreign = topology.nodes.find((node) => node.kind === "router" && isDeadEnd(node, topology));
  return foreign === undefined ? topology : withoutForeignRouters(without([foreign.id], topology));
}

/** A router that leads nowhere, that no client dials and that is no node's next hop. */
function isDeadEnd({ id }: TopologyNode, topology: Topology): boolean {
  const own = topology.links.flatMap(({ ends }) => ends.filter(({ node }) => node === id));
  const isOwn = (address: string | null): boolean =>
    address !== null && own.some(({ addresses }) => isInRange(addresses, address));
  const ways = attachmentsOf(topology, id).filter(({ peers }) => peers.length > 0);
  return (
    ways.length <= 1 && !isOwn(topology.dial) && !topology.nodes.some((node) => node.id !== id && isOwn(node.gateway))
  );
}
