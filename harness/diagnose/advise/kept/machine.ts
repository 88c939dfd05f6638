import { addressOf, attachmentsOf, clientOf, interfaceOf } from "../../../model/network";
import type { RouterNode, Topology, TopologyNode } from "../../../model/topology";
import { contains } from "../../../net/blocks";
import { sidesOf } from "../../remedies/sides";
import type { Machine } from "./tool";

type RuledNode = Exclude<TopologyNode, { readonly kind: "translator" }>;

/** A node as the tool that writes its rules sees it, with clients at all positions. */
export function machineIn(views: readonly Topology[], node: RuledNode): Omit<Machine, "all"> {
  const { userRules } = node;
  const arrivals = views.flatMap((view) => arrivalIn(view, node) ?? []);
  return {
    rules: [userRules?.text, ...(userRules?.further ?? []).map(({ text }) => text)].join("\n"),
    arrivals: [...new Set(arrivals)],
    towards: (address) => {
      for (const view of views) {
        const near = attachmentsOf(view, node.id).find(({ link }) => contains(link.subnet, address));
        if (near !== undefined) return interfaceOf(view, node.id, near.link.id);
      }
      return null;
    },
  };
}

/** The interface by which the client's packets come. */
function arrivalIn(topology: Topology, node: RuledNode): string | null {
  const link = node.kind === "router" ? sideOf(topology, node) : linkOf(topology, node);
  return link === null ? null : interfaceOf(topology, node.id, link);
}

function sideOf(topology: Topology, router: RouterNode): string | null {
  return sidesOf(topology, router)?.client ?? null;
}

/** That of the client's own network, else that of the way out. */
function linkOf(topology: Topology, { id, gateway }: Exclude<RuledNode, RouterNode>): string | null {
  const links = attachmentsOf(topology, id).map(({ link }) => link);
  const client = addressOf(topology, clientOf(topology).id);
  const towards = (address: string | null): string | undefined =>
    address === null ? undefined : links.find(({ subnet }) => contains(subnet, address))?.id;
  return towards(client) ?? towards(gateway) ?? links[0]?.id ?? null;
}
