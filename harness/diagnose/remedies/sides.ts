import type { RouterNode, Topology } from "../../model/topology";
import { attachmentsOf, clientOf, routersOf, serverOf } from "../../model/network";
import { isInRange } from "../../net/blocks";

/** A router's links towards client and server. */
export type Sides = { readonly client: string; readonly server: string };

/** Routers stand in the order client to server, unless a client inside has to be led back; `null` for one that is not in between. */
export function sidesOf(topology: Topology, { id }: Pick<RouterNode, "id">): Sides | null {
  const serverId = serverOf(topology).id;
  const way = [clientOf(topology).id, ...routersOf(topology).map((router) => router.id), serverId];
  const last = way.at(-2);
  const isChain = last === undefined || attachmentsOf(topology, last).some(({ peers }) => peers.includes(serverId));
  if (!isChain) return hairpinSides(topology, id);
  const at = way.indexOf(id);
  const linkTo = (peer: string | undefined): string | null =>
    attachmentsOf(topology, id).find(({ peers }) => peer !== undefined && peers.includes(peer))?.link.id ?? null;
  const [client, server] = [linkTo(way[at - 1]), linkTo(way[at + 1])];
  return client === null || server === null ? null : { client, server };
}

/** The client's packets go to the node that has the dialled address, and from there to the server. */
function hairpinSides(topology: Topology, id: string): Sides | null {
  const [client, server] = [clientOf(topology).id, serverOf(topology).id];
  const turn = topology.links
    .flatMap(({ ends }) => ends)
    .find(({ addresses }) => isInRange(addresses, topology.dial))?.node;
  if (turn === undefined) return null;
  const ways = [wayBetween(topology, client, turn), wayBetween(topology, turn, server)];
  if (!ways.some((way) => way.includes(id))) return null;
  const linkTowards = (end: string): string | null => {
    const [, next] = wayBetween(topology, id, end);
    return attachmentsOf(topology, id).find(({ peers }) => next !== undefined && peers.includes(next))?.link.id ?? null;
  };
  const isBefore = id !== turn && (ways[0] ?? []).includes(id);
  const sides = { client: linkTowards(client), server: linkTowards(isBefore ? turn : server) };
  return sides.client === null || sides.server === null ? null : { client: sides.client, server: sides.server };
}

/** The nodes of the shortest way between two; `[]` where there is none. */
function wayBetween(topology: Topology, from: string, to: string): readonly string[] {
  const seen = new Set([from]);
  let ways: readonly (readonly string[])[] = [[from]];
  while (ways.length > 0) {
    const found = ways.find((way) => way.at(-1) === to);
    if (found !== undefined) return found;
    ways = ways.flatMap((way) => {
      const peers = attachmentsOf(topology, way.at(-1) ?? "").flatMap((one) => one.peers);
      const fresh = [...new Set(peers)].filter((peer) => !seen.has(peer));
      for (const peer of fresh) seen.add(peer);
      return fresh.map((peer) => [...way, peer]);
    });
  }
  return [];
}

/** Whether several servers share what is forwarded. */
export function isShared(topology: Topology): boolean {
  return routersOf(topology).some(({ portForwards }) => portForwards.some(({ balance }) => balance !== undefined));
}
