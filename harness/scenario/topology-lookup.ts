/** Who is where in a topology that has been read but not yet proved. */
import { parseAddress, type Address } from "./address";
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
