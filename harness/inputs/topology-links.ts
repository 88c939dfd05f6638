/** What must hold of a topology's links beyond their form. */
import { lastOf, parseSubnet, subnetContains, subnetsOverlap } from "../net/address";
import { didYouMean, oneOf, quote } from "../text/nearest";
import type { ProblemList } from "./problems";
import { checkInterfaces } from "./topology-interfaces";
import { expectedFamily, familyOn, spansOf, type Span } from "./topology-lookup";
import type { TopologyText } from "./topology-schema";

/** Every address of a range is put on an interface. */
const largestRange = 1024n;

/** Checks subnets, ends, addresses and the names of interfaces. */
export function checkLinks(text: TopologyText, problems: ProblemList): void {
  const before: string[] = [];
  for (const [id, link] of Object.entries(text.links)) {
    checkSubnet(id, text, before, problems);
    checkEnds(id, text, problems);
    checkAddresses(id, text, problems);
    before.push(id);
    const family = familyOn(text, id);
    if (parseSubnet(link.subnet)?.family !== family) {
      problems.add(["links", id, "subnet"], expectedFamily(text, family, "subnet"));
    }
  }
  checkInterfaces(text, problems);
}

function checkSubnet(id: string, text: TopologyText, before: readonly string[], problems: ProblemList): void {
  const own = parseSubnet(text.links[id]?.subnet ?? "");
  if (own === null) return;
  for (const other of before) {
    const subnet = parseSubnet(text.links[other]?.subnet ?? "");
    if (subnet === null || !subnetsOverlap(own, subnet)) continue;
    problems.add(["links", id, "subnet"], `the subnet overlaps that of the link ${quote(other)}`);
    return;
  }
}

function checkEnds(id: string, text: TopologyText, problems: ProblemList): void {
  const names = Object.keys(text.links[id]?.addresses ?? {});
  if (names.length === 0) problems.addAtKey(["links", id, "addresses"], "expected at least one node on this link");
  const known = Object.keys(text.nodes);
  for (const name of names) {
    if (known.includes(name)) continue;
    const message = `there is no node ${quote(name)}${didYouMean(name, known) || `; there are ${oneOf(known)}`}`;
    problems.addAtKey(["links", id, "addresses", name], message);
  }
}

function checkAddresses(id: string, text: TopologyText, problems: ProblemList): void {
  const link = text.links[id];
  if (link === undefined) return;
  const seen: Span[] = [];
  for (const span of spansOf(link)) {
    const wrong = wrongWithSpan(span, text, id) ?? overlapOf(span, seen);
    if (wrong !== null) problems.add(["links", id, "addresses", span.node], wrong);
    seen.push(span);
  }
}

function wrongWithSpan({ node, first, last }: Span, text: TopologyText, link: string): string | null {
  const subnetText = text.links[link]?.subnet ?? "";
  const subnet = parseSubnet(subnetText);
  const family = familyOn(text, link);
  if (first.family !== family) return expectedFamily(text, family);
  if (subnet === null) return null;
  if (!subnetContains(subnet, first) || !subnetContains(subnet, last)) return `not in the link's subnet ${subnetText}`;
  const size = last.value - first.value + 1n;
  if (size > 1n && text.nodes[node]?.role === "server") return "a server has one address, not a range";
  if (size > largestRange) return `at most ${String(largestRange)} addresses fit on an interface here`;
  const outermost = subnet.family === "ipv4" && subnet.prefix < 31;
  if (outermost && first.value === subnet.base) return `${subnetText} reserves its first address for the network`;
  if (outermost && last.value === lastOf(subnet)) return `${subnetText} reserves its last address for broadcasts`;
  return null;
}

function overlapOf(span: Span, seen: readonly Span[]): string | null {
  const other = seen.find(({ first, last }) => span.first.value <= last.value && first.value <= span.last.value);
  return other === undefined ? null : `${quote(other.node)} has this address already`;
}
