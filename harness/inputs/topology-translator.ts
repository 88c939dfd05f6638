/** What must hold of a topology's translator beyond its form. */
import { parseAddress, parseSubnet, subnetContains, subnetsOverlap } from "../net/address";
import { embedded, embedPrefix } from "../net/embedded-address";
import type { ProblemList } from "./problems";
import { expectedFamily, linksOf, spansOf, translatorIn } from "./topology-lookup";
import type { TopologyText } from "./topology-schema";

type TranslatorText = Extract<TopologyText["nodes"][string], { readonly role: "translator" }>;

/** Checks who is on its IPv6 side, its prefix and its pool. */
export function checkTranslator(
  id: string,
  translator: TranslatorText,
  text: TopologyText,
  problems: ProblemList,
): void {
  const path = ["nodes", id];
  if (text.family === "ipv4") problems.add([...path, "role"], "a translator needs a client with `family: ipv6`");
  if (translatorIn(text) !== id)
    problems.add([...path, "role"], "expected at most one translator, and there is one already");
  const client = Object.keys(text.nodes).find((node) => text.nodes[node]?.role === "client") ?? "";
  for (const link of linksOf(text, client)) {
    const ends = Object.keys(text.links[link]?.addresses ?? {});
    if (ends.length === 2 && ends.includes(id)) continue;
    problems.addAtKey(["links", link], "expected only the client and the translator on this link");
  }
  checkPrefix(translator, text, (message) => {
    problems.add([...path, "prefix"], message);
  });
  const wrong = wrongWithPool(id, translator, client, text);
  if (wrong !== null) problems.add([...path, "pool"], wrong);
}

function checkPrefix({ prefix }: TranslatorText, text: TopologyText, tell: (message: string) => void): void {
  const subnet = parseSubnet(prefix);
  if (subnet?.family !== "ipv6" || subnet.prefix !== embedPrefix) {
    tell("expected an ipv6 prefix of 96 bits, such as 2001:db8:64::/96");
    return;
  }
  const links = Object.values(text.links).map((link) => parseSubnet(link.subnet));
  if (links.some((other) => other !== null && subnetsOverlap(subnet, other)))
    tell("a link has addresses of this prefix");
}

function wrongWithPool(id: string, { pool }: TranslatorText, client: string, text: TopologyText): string | null {
  const [first, last] = [parseAddress(pool.first), parseAddress(pool.last)];
  if (first?.family !== "ipv4" || last === null) return expectedFamily(text, "ipv4");
  const spans = linksOf(text, client).flatMap((link) => spansOf(text.links[link] ?? { subnet: "", addresses: {} }));
  const own = spans.find(({ node }) => node === client);
  const wanted = own === undefined ? 0n : own.last.value - own.first.value + 1n;
  if (last.value - first.value + 1n !== wanted)
    return `expected ${String(wanted)} addresses, as many as the client has`;
  const near = linksOf(text, id).find((link) => {
    const subnet = parseSubnet(text.links[link]?.subnet ?? "");
    return subnet !== null && subnetContains(subnet, first) && subnetContains(subnet, last);
  });
  if (near === undefined) return "expected addresses of a subnet that the translator is on";
  const taken = spansOf(text.links[near] ?? { subnet: "", addresses: {} }).find(
    (span) => span.first.value <= last.value && first.value <= span.last.value,
  );
  return taken === undefined ? null : `${taken.node} has one of these addresses already`;
}

/** The IPv4 address that clients mean by the one that they dial; `null` if no translator has it. */
export function dialledBehind(text: TopologyText, dial: string): string | null {
  const node = text.nodes[translatorIn(text) ?? ""];
  return node?.role === "translator" ? embedded(node.prefix, dial) : null;
}
