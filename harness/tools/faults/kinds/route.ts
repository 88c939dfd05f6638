import { attachmentsOf } from "../../../model/network";
import { contains } from "../../../net/blocks";
import { causesOfLoss } from "../oracle/lost-causes";
import { placesOf, serverAddressOf, sessionAddressOf, type Place } from "../place";
import type { Base, FaultKind } from "./definition";

/** A route that is missing, leads astray, or says no. */
export const route: FaultKind = {
  id: "route",
  weight: 6,
  draw: (base, random) => {
    const place = random.pick(placesOf(base));
    const words = random.pick(changesAt(place, base));
    const ip = place.family === "ipv6" ? "ip -6" : "ip";
    return {
      what: `${place.node}: ${ip} ${words}`,
      node: place.node,
      changes: [{ kind: "network", node: place.node, lines: [`${ip} ${words}`] }],
      rule: null,
      truth: ({ loss }) => {
        // The client's own host may refuse to send at all.
        if (loss === null && place.role === "client") {
          return { causes: ["client-never-dialled", "port-unreachable"], nodes: [place.node], quotesRule: false };
        }
        if (loss === null) return null;
        return { causes: causesOfLoss(loss, "route", place, base), nodes: [place.node], quotesRule: false };
      },
    };
  },
};

function changesAt({ node, family }: Place, base: Base): readonly string[] {
  const { topology } = base;
  const own = attachmentsOf(topology, node);
  const gateway = topology.nodes.find(({ id }) => id === node)?.gateway ?? null;
  const toGateway = own.find(({ link }) => gateway !== null && contains(link.subnet, gateway));
  const beyond = topology.links.filter(({ id }) => !own.some(({ link }) => link.id === id));
  const hosts = [sessionAddressOf(base), serverAddressOf(base)].filter(
    (address) => !own.some((attachment) => attachment.address === address) && address !== ownSession(node, base),
  );
  const refused = [...hosts, ...beyond.map(({ subnet }) => subnet)].filter(
    (target) => target.includes(":") === (family === "ipv6"),
  );
  return [
    ...(gateway === null ? [] : ["route del default"]),
    ...(gateway === null || toGateway === undefined
      ? []
      : [`route replace default via ${neighbour(gateway)} dev ${toGateway.interface}`]),
    ...refused.flatMap((target) =>
      ["blackhole", "unreachable", "prohibit"].map((kind) => `route add ${kind} ${target}`),
    ),
  ];
}

/** The session's address where the node is the client's host: one of many that it has. */
function ownSession(node: string, base: Base): string | null {
  return base.topology.nodes.some(({ id, kind }) => id === node && kind === "client") ? sessionAddressOf(base) : null;
}

/** An address next to a gateway's that no node has. */
function neighbour(gateway: string): string {
  return gateway.includes(":") ? gateway.replace(/[0-9a-f]*$/, "fefe") : gateway.replace(/\d+$/, "253");
}
