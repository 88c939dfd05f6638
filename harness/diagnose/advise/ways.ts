/** How connections come through a router to the server. */
import { addressOf, attachmentsOf, clientOf, interfaceOf, routersOf, serverOf } from "../../model/network";
import type { RouterNode, Topology } from "../../model/topology";
import { contains, isInRange } from "../../net/blocks";
import { walk, type Passage } from "../../plan/predict/packet-walk";
import { sidesOf } from "../remedies/sides";

/** What a router sees of a connection from the client to the server. */
export type RouterWay = {
  readonly router: RouterNode;
  /** Its own links, towards client and server. */
  readonly in: string;
  readonly out: string;
  readonly inName: string;
  readonly outName: string;
  /** What the client's packets are for when they arrive, and what they have to be for when they leave. */
  readonly dialled: string;
  readonly target: string;
  /** How the control connection passes; `null` if it does not come so far. */
  readonly passage: Passage | null;
};

/** The ways through every router between client and server, the client's first. */
export function waysOf(topology: Topology, controlPort: number): readonly RouterWay[] {
  const client = clientOf(topology);
  const syn = {
    ...{ from: client.id, source: addressOf(topology, client.id), destination: topology.dial },
    ports: { first: controlPort, last: controlPort },
  };
  const { passages } = walk(topology, syn, []);
  return routersOf(topology).flatMap((router): readonly RouterWay[] => {
    const sides = sidesOf(topology, router);
    if (sides === null) return [];
    const passage = passages.find((one) => one.router.id === router.id) ?? null;
    const dialled = passage?.before.destination ?? arrivalAt(topology, router, sides.client);
    const target = passage?.after.destination ?? targetOf(topology, router, dialled, sides.server);
    return [
      {
        ...{ router, in: sides.client, out: sides.server, dialled, target, passage },
        inName: interfaceOf(topology, router.id, sides.client),
        outName: interfaceOf(topology, router.id, sides.server),
      },
    ];
  });
}

/** Without a connection to see: the address dialled where it may be this router's or one behind it, else its own. */
function arrivalAt(topology: Topology, router: RouterNode, link: string): string {
  const server = addressOf(topology, serverOf(topology).id);
  if (owns(topology, router.id, topology.dial) || topology.dial === server) return topology.dial;
  const isBefore = routersOf(topology)
    .slice(
      0,
      routersOf(topology).findIndex(({ id }) => id === router.id),
    )
    .every(({ id }) => !owns(topology, id, topology.dial));
  const own = attachmentsOf(topology, router.id).find((one) => one.link.id === link)?.address;
  return isBefore ? topology.dial : (own ?? topology.dial);
}

/** The server itself, or the next router where the server is not to be reached but through it. Never an address of the router's own. */
function targetOf(topology: Topology, router: RouterNode, dialled: string, side: string): string {
  if (!owns(topology, router.id, dialled)) return dialled;
  const server = addressOf(topology, serverOf(topology).id);
  const near = attachmentsOf(topology, router.id);
  if (near.some(({ link }) => contains(link.subnet, server))) return server;
  const peers = near.find(({ link }) => link.id === side)?.peers ?? [];
  const next = routersOf(topology).find((other) => peers.includes(other.id));
  const beyond = attachmentsOf(topology, next?.id ?? "").find(({ link }) => link.id === side);
  return beyond?.address ?? server;
}

/** Whether an address is one of a node's own. */
export function owns(topology: Topology, node: string, address: string): boolean {
  return topology.links.some(({ ends }) => ends.some((end) => end.node === node && isInRange(end.addresses, address)));
}
