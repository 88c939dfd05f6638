import type { RouterNode, Topology } from "../../model/topology";
import { attachmentsOf, clientOf, routersOf, serverOf } from "../../model/network";

/** A router's links towards client and server. */
export type Sides = { readonly client: string; readonly server: string };

/** Routers stand in the file in the order client to server; `null` for one that is not in between. */
export function sidesOf(topology: Topology, { id }: Pick<RouterNode, "id">): Sides | null {
  const way = [clientOf(topology).id, ...routersOf(topology).map((router) => router.id), serverOf(topology).id];
  const at = way.indexOf(id);
  const linkTo = (peer: string | undefined): string | null =>
    attachmentsOf(topology, id).find(({ peers }) => peer !== undefined && peers.includes(peer))?.link.id ?? null;
  const [client, server] = [linkTo(way[at - 1]), linkTo(way[at + 1])];
  return client === null || server === null ? null : { client, server };
}

/** Whether several servers share what is forwarded. */
export function isShared(topology: Topology): boolean {
  return routersOf(topology).some(({ portForwards }) => portForwards.some(({ balance }) => balance !== undefined));
}
