import type { PortRange, RouterNode, Topology, TopologyNode } from "../../model/topology";
import { contains, rangeAddresses } from "../../net/blocks";
import { attachmentsOf, nodeOf, type Attachment } from "../../model/network";
import { perNetwork } from "../../model/per-network";
import { translated } from "../translator";
import { cutsOfTexts } from "./port-cuts";
import { rulesByKeys } from "./rules/by-keys";
import { rulesByText } from "./rules/by-rules";
import type { Crossing, LaterWay, NodeRules, Told } from "./rules/node-rules";

/** A TCP connection attempt, before any router has touched it. `ports` holds every destination port it may have. */
export type Syn = {
  readonly from: string;
  readonly source: string;
  readonly destination: string;
  readonly ports: PortRange;
};

/** A connection that a router's FTP helper expects (conntrack expectation), matched before NAT. */
export type Expectation = {
  readonly router: string;
  readonly source: string;
  readonly destination: string;
  /**
   * Both ends after translation, which is the control connection's own (nf_nat_follow_master); `null` if that one is not translated: the
   * kernel then leaves the data connection to the router's NAT rules.
   */
  readonly translated: { readonly source: string; readonly destination: string } | null;
};

/** Addresses of a connection on both sides of a router. */
export type Passage = {
  readonly router: RouterNode;
  readonly before: { readonly source: string; readonly destination: string };
  readonly after: { readonly source: string; readonly destination: string };
  /** Its destination ports as it comes to the router. */
  readonly ports: PortRange;
  /** What let it through: an expectation, a rule, or the lack of a filter. */
  readonly by: "expectation" | "rule" | "policy";
  /** Whether the router's helper follows the connection, as a user's own rules say; left out: its `helperPorts` do. */
  readonly helper?: Told<boolean>;
};

/** How the attempt ended. */
export type WalkEnd =
  | {
      readonly kind: "delivered";
      readonly node: string;
      readonly source: string;
      /** Where a user's own rules gave it other ports than were dialled. */
      readonly ports?: PortRange;
      /** Whether the FTP helper of the host itself follows the connection; left out: it has no rules of its own. */
      readonly helper?: Told<boolean>;
    }
  /**
   * `where`: the chain that decided; `input` means the router itself was the destination, and there is no `out` link, and `host` that
   * the packet came to the host it was for, or left the one that it is from, whose own firewall dropped it.
   */
  | {
      readonly kind: "blocked";
      readonly node: string;
      readonly where: "input" | "forward" | "host";
      readonly silent: boolean;
      /** The links by which it came, and was to leave; `null` if it was for the node itself. */
      readonly in: string | null;
      readonly out: string | null;
      /** Set where the router's helper expected the connection. */
      readonly expected?: true;
      /** It was not the SYN that was dropped, and that came: it was a later packet. */
      readonly later?: true;
    }
  /** The router itself is the destination and lets it in: nothing listens there. */
  | { readonly kind: "closed"; readonly node: string }
  | { readonly kind: "unreachable"; readonly node: string; readonly destination: string }
  /** The SYN arrives, and the answer does not find its way back; `astray` where it goes to another neighbour than the SYN came from. */
  | { readonly kind: "no-way-back"; readonly node: string; readonly source: string; readonly astray?: true }
  /** A user's own rules do not tell what becomes of it. */
  | { readonly kind: "untold"; readonly why: string };

export type Walk = { readonly passages: readonly Passage[]; readonly end: WalkEnd };

/**
 * Follows a SYN through the network, and where it was expected and dropped in silence the one that TCP sends a second later: the
 * first has used up the expectation (nf_conntrack_expect.c, nf_ct_find_expectation), and so the second is NEW like any other.
 */
export function walk(topology: Topology, syn: Syn, expectations: readonly Expectation[]): Walk {
  const { from, source, destination, ports } = syn;
  // Most sessions through a network dial the same, and only what routers expect differs.
  if (expectations.length > 0) return walkAgain(topology, syn, expectations);
  const known = walks(topology);
  const key = `${from} ${source} ${destination} ${ports.first} ${ports.last}`;
  const found = known.get(key) ?? walkByPorts(topology, syn, []);
  known.set(key, found);
  return found;
}

/** Walks that no router expected, by where they begin and lead. */
const walks = perNetwork(() => new Map<string, Walk>());

function walkAgain(topology: Topology, syn: Syn, expectations: readonly Expectation[]): Walk {
  const first = walkByPorts(topology, syn, expectations);
  const { end } = first;
  if (end.kind !== "blocked" || end.expected !== true || !end.silent) return first;
  const left = expectations.filter(({ router }) => router !== end.node);
  const second = walk(topology, syn, left);
  return second.end.kind === "delivered" ? second : first;
}

/** What is lost of a connection's possible ports, at most, where it counts as none. */
const fewPorts = 0.01;

/** A user's own rules may part the ports that a connection may have: then each part is walked, and chance decides if they differ. */
function walkByPorts(topology: Topology, syn: Syn, expectations: readonly Expectation[]): Walk {
  const parts = partsOf(topology, syn.ports);
  const [first, ...others] = parts.map((ports) => ({ ports, ...walkOnce(topology, { ...syn, ports }, expectations) }));
  if (first === undefined) return walkOnce(topology, syn, expectations);
  if (others.length === 0) return { passages: first.passages, end: first.end };
  const walked = [first, ...others];
  // Which ports they are at the host differs in any case, and by which of several rules they pass is no matter.
  const asText = ({ passages, end }: Walk): string =>
    JSON.stringify([
      passages.map(({ router, before, after }) => [router.id, before, after]),
      "ports" in end ? { ...end, ports: true } : end,
    ]);
  const sizes = new Map<string, number>();
  const sizeOf = ({ first: from, last }: PortRange): number => last - from + 1;
  for (const part of walked) sizes.set(asText(part), (sizes.get(asText(part)) ?? 0) + sizeOf(part.ports));
  const [most] = [...sizes].sort((one, other) => other[1] - one[1]);
  const usual = walked.find((part) => asText(part) === most?.[0]) ?? first;
  if ((most?.[1] ?? 0) >= (1 - fewPorts) * sizeOf(syn.ports)) return { passages: usual.passages, end: usual.end };
  const other = walked.find((part) => asText(part) !== most?.[0]) ?? first;
  if (usual.end.kind === "untold") return usual;
  if (other.end.kind === "untold") return other;
  const why = `it depends on the port: ${usual.ports.first} goes another way than ${other.ports.first}`;
  return { passages: [], end: { kind: "untold", why } };
}

/** Hop by hop through routing, DNAT, filters and source NAT, in netfilter's order. */
function walkOnce(topology: Topology, syn: Syn, expectations: readonly Expectation[]): Walk {
  const passages: Passage[] = [];
  const steps: Step[] = [];
  let { source, destination, ports } = syn;
  let at = syn.from;
  let arrivedOn: string | null = null;
  const ends = (end: WalkEnd): Walk => ({ passages, end });
  const untold = (why: string): Walk => ends({ kind: "untold", why });
  // What a client's program takes; servers may take any, or port 20.
  const sourcePorts = nodeOf(topology, syn.from).kind === "client" ? unprivileged : null;
  // More hops than nodes would be a routing loop, which a TTL ends in a real network.
  for (let hop = 0; hop <= topology.nodes.length; hop += 1) {
    const node = nodeOf(topology, at);
    const rules = rulesOf(topology, node);
    const before = { source, destination };
    const dialled = { destination, ports };
    const expectation = expectations.find(
      (entry) => entry.router === at && entry.source === source && entry.destination === destination,
    );
    const crossing = (out: string | null, isForwarded: boolean): Crossing => ({
      ...{
        in: arrivedOn,
        out,
        source,
        destination,
        ports,
        sourcePorts,
        dialled,
        isExpected: expectation !== undefined,
        isForwarded,
      },
    });
    const stoppedAt = (where: "input" | "forward", silent: boolean, out: string | null): Walk => {
      const place = node.kind === "router" ? where : "host";
      const isThrough = place === "forward";
      const links = { in: isThrough ? arrivedOn : null, out: isThrough ? out : null };
      const blocked = { kind: "blocked", node: at, where: place, silent, ...links } as const;
      return ends(expectation === undefined || !isThrough ? blocked : { ...blocked, expected: true });
    };
    let isForwarded = false;
    let helper: Told<boolean> | undefined;
    if (arrivedOn !== null) {
      const arrived = rules.arrive(crossing(null, false));
      if (arrived.kind === "open") return untold(arrived.why);
      if (arrived.value.kind === "stopped") return stoppedAt("forward", arrived.value.verdict === "drop", null);
      ({ helper, isForwarded } = { helper: undefined, ...arrived.value });
      if (expectation?.translated) {
        isForwarded = expectation.translated.destination !== destination;
        ({ destination } = expectation.translated);
      } else ({ destination, ports } = arrived.value);
    }
    // Packets for the node's own addresses never reach tayga: the kernel takes them.
    if (node.kind === "translator" && !isItsOwn(topology, at, destination)) {
      const both = translated(topology, node, before);
      if (both === null) return ends({ kind: "unreachable", node: at, destination });
      ({ source, destination } = both);
    }
    if (owns(topology, at, destination)) {
      const verdict = rules.enter(crossing(null, isForwarded));
      if (verdict.kind === "open") return untold(verdict.why);
      if (verdict.value !== "accept") return stoppedAt("input", verdict.value === "drop", null);
      if (node.kind === "router") return ends({ kind: "closed", node: at });
      steps.push({ node: at, in: arrivedOn, out: null, before, after: { source, destination }, ports, dialled });
      const shifted = shiftedPorts(topology, syn, ports);
      const own = helper === undefined ? shifted : { ...shifted, helper };
      return ends(laterEnd(topology, steps) ?? endAtHost(topology, at, source, steps, own));
    }
    const next = route(topology, at, destination);
    if (next === null) return ends({ kind: "unreachable", node: at, destination });
    const out = next.link.id;
    if (node.kind === "router" && arrivedOn !== null) {
      const passing = rules.forward(crossing(out, isForwarded));
      if (passing.kind === "open") return untold(passing.why);
      if ("verdict" in passing.value) return stoppedAt("forward", passing.value.verdict === "drop", out);
      const left = rules.leave(crossing(out, isForwarded), next.address);
      if (left.kind === "open") return untold(left.why);
      const { by } = passing.value;
      source = expectation?.translated?.source ?? left.value;
      const after = { source, destination };
      passages.push({
        router: node,
        before,
        after,
        ports: dialled.ports,
        by,
        ...(helper === undefined ? {} : { helper }),
      });
    } else if (hop === 0) {
      const emitted = rules.emit(crossing(out, false));
      if (emitted.kind === "open") return untold(emitted.why);
      if (emitted.value !== "accept") return stoppedAt("input", emitted.value === "drop", null);
    } else if (node.kind !== "translator") {
      return ends({ kind: "unreachable", node: at, destination });
    }
    steps.push({ node: at, in: arrivedOn, out, before, after: { source, destination }, ports, dialled });
    arrivedOn = out;
    at = next.peer;
  }
  return ends({ kind: "unreachable", node: at, destination });
}

const unprivileged: PortRange = { first: 1024, last: 65535 };

/** A node on the SYN's way, and what the SYN was there before and after it. */
type Step = {
  readonly node: string;
  readonly in: string | null;
  readonly out: string | null;
  readonly before: Ends;
  readonly after: Ends;
  readonly ports: PortRange;
  readonly dialled: { readonly destination: string; readonly ports: PortRange };
};
type Ends = { readonly source: string; readonly destination: string };

/** Where a user's own rules do not let the answer through, or what comes after it. */
function laterEnd(topology: Topology, steps: readonly Step[]): WalkEnd | null {
  const [begin] = steps;
  for (const step of steps) {
    const node = nodeOf(topology, step.node);
    const { later } = rulesOf(topology, node);
    if (later === null) continue;
    const isFirst = step === begin;
    const isForwarded = step.before.destination !== step.after.destination;
    const { dialled } = step;
    const there = { source: step.before.source, destination: step.after.destination, isForwarded, dialled };
    const back = { source: step.after.destination, destination: step.before.source, isForwarded, dialled };
    const ways: readonly LaterWay[] = [
      {
        ...{ ...there, in: step.in, out: step.out, ports: step.ports, sourcePorts: unprivileged },
        kind: isFirst ? "leaves" : step.out === null ? "enters" : "crosses",
        arriving: dialled,
      },
      {
        ...{ ...back, in: step.out, out: step.in, ports: unprivileged, sourcePorts: step.ports },
        kind: isFirst ? "enters" : step.out === null ? "leaves" : "crosses",
        arriving: { destination: step.after.source, ports: unprivileged },
      },
    ];
    for (const way of ways) {
      const passes = later({ ...way, in: isFirst && way.kind === "enters" ? step.out : way.in });
      if (passes.kind === "open") return { kind: "untold", why: passes.why };
      if (passes.value) continue;
      const where = node.kind === "router" ? "forward" : "host";
      return { kind: "blocked", node: step.node, where, silent: true, in: way.in, out: way.out, later: true };
    }
  }
  return null;
}

/** The ports at the host, where a user's own rules gave the connection others. */
function shiftedPorts(topology: Topology, { ports: dialled }: Syn, ports: PortRange): { readonly ports?: PortRange } {
  const isOwn = topology.nodes.some((node) => node.kind !== "translator" && node.userRules !== undefined);
  return isOwn && dialled.first !== ports.first ? { ports } : {};
}

/** Ports at which a user's own rules may begin or cease to hold. */
function partsOf(topology: Topology, ports: PortRange): readonly PortRange[] {
  const cuts = cutsOfTexts(topology).filter((cut) => ports.first < cut && cut <= ports.last);
  // So many would be no rules about ports.
  if (cuts.length > 256) return [ports];
  return [ports.first, ...cuts].map((first, index) => ({ first, last: (cuts[index] ?? ports.last + 1) - 1 }));
}

/** What stands in a node's way, as a user's own rules or the topology's keys say it. */
function rulesOf(topology: Topology, node: TopologyNode): NodeRules {
  const known = rulesByNode(topology);
  const found =
    known.get(node.id) ??
    (node.kind === "translator" || node.userRules === undefined
      ? rulesByKeys(topology, node)
      : rulesByText(topology, node.id, node.userRules));
  known.set(node.id, found);
  return found;
}

const rulesByNode = perNetwork(() => new Map<string, NodeRules>());

/** The answer undoes each translation and has to return by the same way, or it is lost. */
function endAtHost(
  topology: Topology,
  host: string,
  source: string,
  steps: readonly Step[],
  more: { readonly ports?: PortRange; readonly helper?: Told<boolean> },
): WalkEnd {
  for (const [index, { node: from, after }] of [...steps.entries()].slice(0, -1).toReversed()) {
    const at = steps[index + 1]?.node ?? host;
    const back = route(topology, at, after.source);
    if (back?.peer === from) continue;
    const lost = { kind: "no-way-back", node: at, source: after.source } as const;
    return back === null ? lost : { ...lost, astray: true };
  }
  return { kind: "delivered", node: host, source, ...more };
}

/** The way out of a node, and the node that it leads to. */
type NextHop = Attachment & { readonly peer: string };

/** The next hop; only a node on the link can answer for an address of the subnet (ARP, RFC 826; ND, RFC 4861). */
function route(topology: Topology, nodeId: string, destination: string): NextHop | null {
  const known = routes(topology);
  const key = `${nodeId} ${destination}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const next = lookUp(topology, nodeId, destination);
  known.set(key, next);
  return next;
}

/** Routes that were looked up, by node and destination. */
const routes = perNetwork(() => new Map<string, NextHop | null>());

function lookUp(topology: Topology, nodeId: string, destination: string): NextHop | null {
  const { gateway } = nodeOf(topology, nodeId);
  const own = attachmentsOf(topology, nodeId);
  const direct = own.find(({ link }) => contains(link.subnet, destination));
  if (direct !== undefined) return neighbour(topology, direct, destination);
  if (gateway === null) return null;
  const onward = own.find(({ link }) => contains(link.subnet, gateway));
  return onward === undefined ? null : neighbour(topology, onward, gateway);
}

function neighbour(topology: Topology, attachment: Attachment, address: string): NextHop | null {
  const peer = attachment.peers.find((id) => owns(topology, id, address));
  return peer === undefined ? null : { ...attachment, peer };
}

function owns(topology: Topology, nodeId: string, address: string): boolean {
  const node = topology.nodes.find(({ id }) => id === nodeId);
  const answersFor = node?.kind === "translator" && node.pool.first === address;
  return answersFor || isItsOwn(topology, nodeId, address);
}

/** Whether it is one of the addresses on a node's interfaces. */
function isItsOwn(topology: Topology, nodeId: string, address: string): boolean {
  return addressesByNode(topology).get(nodeId)?.has(address) === true;
}

const addressesByNode = perNetwork((topology) => {
  // The client is walked by its first address: the one that stands for every session.
  const clients = topology.nodes.filter(({ kind }) => kind === "client").map(({ id }) => id);
  const byNode = new Map<string, Set<string>>();
  for (const { node, addresses } of topology.links.flatMap(({ ends }) => ends)) {
    const own = byNode.get(node) ?? new Set();
    byNode.set(node, own);
    for (const address of clients.includes(node) ? [addresses.first] : rangeAddresses(addresses)) own.add(address);
  }
  return byNode;
});
