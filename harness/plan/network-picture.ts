import type { NetworkPicture, PictureHop } from "../model/picture";
import type { AddressRange, Link, Topology } from "../model/topology";
import { describeNode } from "./picture-text";
import { wayToServer } from "./path-to-server";

/** A topology as a report draws it. */
export function pictureOf(topology: Topology): NetworkPicture {
  const { id, title, description, dial, nodes } = topology;
  const way = wayToServer(topology);
  const hops = way.map(({ node, from }, index): PictureHop => {
    const before = way[index - 1]?.node.id;
    return {
      node: node.id,
      // It stands between two links and sends on, as a router does.
      kind: node.kind === "translator" ? "router" : node.kind,
      lines: joined(describeNode(node)),
      link: from === null || before === undefined ? null : wire(from, before, node.id),
    };
  });
  const asides = nodes.filter((node) => !hops.some((hop) => hop.node === node.id));
  return { id, title, description, dial, hops, asides: asides.map((node) => node.id) };
}

/** A line that stands two columns in goes on from the one before. */
function joined(lines: readonly string[]): readonly string[] {
  return lines.join("\n").replaceAll("\n  ", " ").split("\n").filter(Boolean);
}

function wire(link: Link, near: string, far: string): PictureHop["link"] {
  const addressOf = (id: string): string => {
    const end = link.ends.find(({ node }) => node === id);
    return end === undefined ? "" : rangeText(end.addresses);
  };
  return { id: link.id, subnet: link.subnet, near: addressOf(near), far: addressOf(far) };
}

/** `192.168.20.32-223`, `2001:db8::10-1f`: the end of a range without what it shares with the start. */
function rangeText({ first, last }: AddressRange): string {
  const shared = last.lastIndexOf(last.includes(":") ? ":" : ".") + 1;
  const end = last.slice(0, shared) === first.slice(0, shared) ? last.slice(shared) : last;
  return first === last ? first : `${first}-${end}`;
}
