/** Finds the part of a network that is likely meant by a name or an address in the user's rules that the network does not have. */
import { addressOf, attachmentsOf, nodeOf, serverOf, type Attachment } from "../../model/network";
import type { Topology } from "../../model/topology";
import { contains } from "../../net/blocks";
import { nameMatches, type Stranger } from "./fit";

/** Names that the inner and the outer side of a router often have. */
const innerName = /^(br-?lan|lan|br\d|bridge|home|int(ern(al)?)?|green|eth1|enp2)/i;
const outerName = /^(wan|ppp|dsl|internet|ext(ern(al)?)?|red|wwan|eth0|enp1)/i;

/** What stands in the network for a stranger, as `--map` takes it; `null` if unknown. */
export function partnerOf(
  topology: Topology,
  node: string,
  stranger: Stranger,
  named: ReadonlySet<string>,
): string | null {
  const { outside, inside } = sidesOf(topology, node);
  if (stranger.kind === "interface") return interfaceFor(topology, node, stranger, named);
  const { role, name } = stranger;
  if (role === "server") return addressOf(topology, serverOf(topology).id);
  if (role === "dialled") return topology.dial;
  return name.includes("/") && role === "inside" ? ((inside ?? outside)?.link.subnet ?? null) : null;
}

function interfaceFor(
  topology: Topology,
  node: string,
  { role, name }: Stranger,
  named: ReadonlySet<string>,
): string | null {
  const { outside, inside } = sidesOf(topology, node);
  const side = role ?? (innerName.test(name) ? "inside" : outerName.test(name) ? "outside" : null);
  const bySide = side === "outside" ? outside : side === "inside" ? inside : null;
  if (bySide !== null) return bySide.interface;
  const left = attachmentsOf(topology, node).filter(
    (own) => ![...named].some((one) => nameMatches(one, own.interface)),
  );
  return left.length === 1 ? (left[0]?.interface ?? null) : null;
}

type Sides = { readonly outside: Attachment | null; readonly inside: Attachment | null };

/** The interface of a node that leads to everybody else, and the one that leads to its own network; a host has one. */
function sidesOf(topology: Topology, nodeId: string): Sides {
  const node = nodeOf(topology, nodeId);
  const all = attachmentsOf(topology, nodeId);
  const [only] = all;
  if (node.kind !== "router") return { outside: only ?? null, inside: only ?? null };
  const hides = [...node.masquerade, ...(node.sourceNats ?? []).map(({ out }) => out)];
  const told = [...hides, ...node.portForwards.map(({ on }) => on)];
  const isOuter = ({ link }: Attachment): boolean =>
    told.length > 0
      ? told.includes(link.id)
      : node.gateway === null
        ? contains(link.subnet, topology.dial)
        : contains(link.subnet, node.gateway);
  const outside = all.find(isOuter) ?? null;
  const others = all.filter((attachment) => attachment !== outside);
  return { outside, inside: others.length === 1 ? (others[0] ?? null) : null };
}
