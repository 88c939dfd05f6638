/** `--map theirs=ours`: what a user's own rules name, and what of the network it is. */
import { attachmentsOf, ownRulesOf } from "../../model/network";
import { wrongWithInterface } from "../../model/interface-name";
import type { RulesFile, Topology, TopologyNode, UserRules } from "../../model/topology";
import { didYouMean, oneOf, quote } from "../../text/nearest";
import { namesIn } from "./fit";
import { blockIn } from "./argument-words";

/** An interface or an address as rules have it, and as the network has it. */
export type NameMap = { readonly theirs: string; readonly ours: string; readonly isAddress: boolean };

/** Reads `pppoe-wan=internet`, `ppp+=internet` or `10.0.0.5=192.168.10.10`; the problem is a sentence without its end. */
export function nameMapIn(text: string): NameMap | { readonly problem: string } {
  const [theirs = "", ours = "", ...more] = text.split("=");
  if (theirs === "" || ours === "" || more.length > 0) {
    return { problem: `expected NAME=NAME or ADDRESS=ADDRESS, found ${quote(text)}` };
  }
  const [one, other] = [blockIn(theirs), blockIn(ours)];
  if ((one === null) !== (other === null)) {
    return { problem: `${quote(text)} maps an interface to an address, or the reverse` };
  }
  const wrong = one === null ? wrongWithInterface(theirs.replace(/[+*]$/, "0")) : null;
  return wrong === null
    ? { theirs: theirs.replace(/\+$/, "*"), ours, isAddress: one !== null }
    : { problem: `the interface ${quote(theirs)} ${wrong}` };
}

/**
 * The network in which nodes with rules of their own call their interfaces as the rules do; addresses are replaced in the rules. A text
 * says what does not fit.
 */
export function withNameMaps(topology: Topology, maps: readonly NameMap[]): Topology | string {
  let mapped = topology;
  for (const map of maps) {
    const next = map.isAddress ? withAddress(mapped, map) : withInterface(mapped, map);
    if (typeof next === "string") return next;
    mapped = next;
  }
  return mapped;
}

function withInterface(topology: Topology, { theirs, ours }: NameMap): Topology | string {
  const own = ownRulesOf(topology);
  const naming = own.filter(({ rules }) => namesIn(filesOf(rules)).has(theirs));
  if (naming.length === 0) return notNamed(own, theirs);
  const name = theirs.replace(/\*$/, "0");
  let links = topology.links;
  for (const { node } of naming) {
    const attachments = attachmentsOf(topology, node);
    const place = attachments.find(({ link, interface: known }) => link.id === ours || known === ours);
    const names = attachments.map((attachment) => attachment.interface);
    if (place === undefined) {
      const meant = didYouMean(ours, names) || `; there are ${oneOf(names)}`;
      return `${node} has no interface ${quote(ours)}${meant}`;
    }
    if (names.some((known) => known === name && known !== place.interface)) {
      return `${node} has an interface ${quote(name)} already`;
    }
    links = links.map((link) => {
      const ends = link.ends.map((end) => (end.node === node ? { ...end, interface: name } : end));
      return link.id === place.link.id ? { ...link, ends } : link;
    });
  }
  return { ...topology, links };
}

function withAddress(topology: Topology, { theirs, ours }: NameMap): Topology | string {
  const own = ownRulesOf(topology);
  if (!own.some(({ rules }) => filesOf(rules).some(({ text }) => patternOf(theirs).test(text)))) {
    return notNamed(own, theirs);
  }
  const replaced = (file: RulesFile): RulesFile => ({ ...file, text: file.text.replace(patternOf(theirs), ours) });
  const nodes = topology.nodes.map((node): TopologyNode => {
    if (node.kind === "translator" || node.userRules === undefined) return node;
    const { further, ...rules } = node.userRules;
    const userRules: UserRules = {
      ...rules,
      ...replaced(rules),
      ...(further === undefined ? {} : { further: further.map(replaced) }),
    };
    return { ...node, userRules };
  });
  return { ...topology, nodes };
}

/** An address alone, and no part of another one. */
function patternOf(address: string): RegExp {
  const isBlock = address.includes("/");
  return new RegExp(`(?<![\\w.:/])${address.replaceAll(".", "\\.")}(?![\\w.])${isBlock ? "" : "(?!/(?!32\\b))"}`, "g");
}

function filesOf(rules: UserRules): readonly RulesFile[] {
  return [rules, ...(rules.further ?? [])];
}

function notNamed(own: ReturnType<typeof ownRulesOf>, theirs: string): string {
  const known = own.flatMap(({ rules }) => [...namesIn(filesOf(rules))]);
  return `your own rules do not name ${quote(theirs)}${didYouMean(theirs, known)}`;
}
