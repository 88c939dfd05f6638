/** Who is where in a topology that has been read but not yet proved. */
import type { Family } from "../model/topology";
import { parseAddress, type Address } from "../net/address";
import type { TopologyText } from "./topology-schema";

/** A node's addresses on a link, both ends included. */
export type Span = { readonly node: string; readonly first: Address; readonly last: Address };

/** The addresses of a link, as numbers. */
export function spansOf(link: TopologyText["links"][string]): readonly Span[] {
  return Object.entries(link.addresses).flatMap(([node, range]) => {
    const first = parseAddress(range.first);
    const last = parseAddress(range.last);
    return first && last ? [{ node, first, last }] : [];
  });
}

/** The nodes that have an address, and the links they have it on. */
export function ownersOf(
  text: TopologyText,
  address: string,
): readonly { readonly id: string; readonly link: string }[] {
  const value = parseAddress(address)?.value;
  if (value === undefined) return [];
  return Object.entries(text.links).flatMap(([link, linkText]) =>
    spansOf(linkText)
      .filter(({ first, last }) => first.value <= value && value <= last.value)
      .map(({ node }) => ({ id: node, link })),
  );
}

/** The ids of the links that a node is on. */
export function linksOf(text: TopologyText, node: string): readonly string[] {
  return Object.keys(text.links).filter((link) => Object.hasOwn(text.links[link]?.addresses ?? {}, node));
}

/** The translator, where there is one: before it is the client alone, with `family`, and behind it everybody has IPv4. */
export function translatorIn(text: TopologyText): string | undefined {
  return Object.keys(text.nodes).find((id) => text.nodes[id]?.role === "translator");
}

/** The family of a link's subnet and addresses. */
export function familyOn(text: TopologyText, link: string): Family {
  const isClients = Object.keys(text.links[link]?.addresses ?? {}).some((id) => text.nodes[id]?.role === "client");
  return translatorIn(text) === undefined || isClients ? text.family : "ipv4";
}

/** The family of what a node says of addresses; a translator's is that of its gateway. */
export function familyAt(text: TopologyText, node: string): Family {
  return translatorIn(text) === undefined || text.nodes[node]?.role === "client" ? text.family : "ipv4";
}

/** `expected an ipv4 address, as ...`. */
export function expectedFamily(text: TopologyText, family: Family, what: "address" | "subnet" = "address"): string {
  const why = family === text.family ? "as `family` says" : "behind the translator";
  return `expected an ${family} ${what}, ${why}`;
}
