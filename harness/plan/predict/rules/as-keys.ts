import { helpersIn } from "../../../evidence/text/helper-rules";
import { parsedOnce } from "../../../evidence/text/rules";
import { sourceNatsIn } from "../../../evidence/text/nat-rules";
import { attachmentsOf, familyOf, interfaceOf } from "../../../model/network";
import { perNetwork } from "../../../model/per-network";
import { helperLines, type RouterNode, type Topology, type UserRules } from "../../../model/topology";
import { ownRules } from "./of-user-rules";

/**
 * The network with keys that say of each router with a user's own rules what kind of router it is: where its helper listens, where it
 * hides sources. Causes are named and sentences made by them; what passes is asked of the rules themselves.
 */
export const asRead = perNetwork((topology): Topology => {
  const isOwn = topology.nodes.some((node) => node.kind === "router" && node.userRules !== undefined);
  if (!isOwn) return topology;
  const nodes = topology.nodes.map((node) =>
    node.kind === "router" && node.userRules !== undefined ? readRouter(topology, node, node.userRules) : node,
  );
  return { ...topology, nodes };
});

function readRouter(topology: Topology, router: RouterNode, rules: UserRules): RouterNode {
  const family = familyOf(topology, router.id);
  const { first } = ownRules(rules, family);
  const links = attachmentsOf(topology, router.id).map(({ link }) => link.id);
  const linksNamed = (name: string | null): readonly string[] =>
    links.filter((link) => name === null || interfaceOf(topology, router.id, link) === name);
  const sources = sourceNatsIn(first);
  return {
    ...router,
    helperPorts: helpersIn(first).flatMap(({ attaches, ports }) =>
      /^ftp(-\d+)?$/.test(attaches) ? (ports ?? [{ first: 21, last: 21 }]).flatMap(portsIn) : [],
    ),
    // Whose forwards share connections out is told by the rules too, as nobody can tell.
    portForwards: [],
    masquerade: sources.flatMap(({ kind, outLink }) => (kind === "MASQUERADE" ? linksNamed(outLink) : [])),
    sourceNats: sources.flatMap(({ kind, outLink, ports, toAddress }) =>
      kind === "SNAT" && toAddress !== null ? linksNamed(outLink).map((out) => ({ out, ports, to: toAddress })) : [],
    ),
    filter: { ...router.filter, allow: allowedBy(rules, family, linksNamed) },
    // Its own rules stand instead of those that make it another kind of router.
    make: { ...router.make, helperKnows: helperLines, losesOneIn: null, tellsTooLong: !hidesTooLong.test(rules.text) },
  };
}

function allowedBy(
  { text }: UserRules,
  family: "ipv4" | "ipv6",
  linksNamed: (name: string | null) => readonly string[],
): RouterNode["filter"]["allow"] {
  return parsedOnce(text, family).forward.accepted.flatMap(
    ({ conditional, source, destination, inLink, outLink, ports }) =>
      conditional || source !== null || destination !== null
        ? []
        : linksNamed(inLink).flatMap((from) => linksNamed(outLink).map((to) => ({ from, to, ports }))),
  );
}

/** No message that names the length which would pass (RFC 1191, RFC 8201). */
const hidesTooLong = /^-A OUTPUT .*(fragmentation-needed|packet-too-big).* -j DROP$/m;

/** More ports than these are no list of control ports. */
const mostPorts = 64;

function portsIn({ first, last }: { readonly first: number; readonly last: number }): readonly number[] {
  return Array.from({ length: Math.min(mostPorts, last - first + 1) }, (_, index) => first + index);
}
