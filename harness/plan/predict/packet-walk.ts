import type { PortRange, RouterNode, Topology } from "../../model/topology";
import { contains, rangeAddresses } from "../../net/blocks";
import { attachmentsOf, nodeOf, type Attachment } from "../../model/network";
import { perNetwork } from "../../model/per-network";
import { translated } from "../translator";

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
   * Both ends after translation, which is the control connection's own (nf_nat_follow_master); `null` where that one is not
   * translated: the kernel then leaves the data connection to the router's NAT rules.
   */
  readonly translated: { readonly source: string; readonly destination: string } | null;
};

/** Addresses of a connection on both sides of a router. */
export type Passage = {
  readonly router: RouterNode;
  readonly before: { readonly source: string; readonly destination: string };
  readonly after: { readonly source: string; readonly destination: string };
  /** What let it through: an expectation, a rule, or the lack of a filter. */
  readonly by: "expectation" | "rule" | "policy";
};

/** How the attempt ended. */
export type WalkEnd =
  | { readonly kind: "delivered"; readonly node: string; readonly source: string }
  /**
   * `where`: the chain that decided; `input` means the router itself was the destination, and there is no `out` link, and `host` that
   * the packet came to the host it was for, whose own firewall dropped it.
   */
  | {
      readonly kind: "blocked";
      readonly node: string;
      readonly where: "input" | "forward" | "host";
      readonly silent: boolean;
      /** The links by which it came, and was to leave; `null` where it was for the node itself. */
      readonly in: string | null;
      readonly out: string | null;
      /** Set where the router's helper expected the connection. */
      readonly expected?: true;
    }
  /** The router itself is the destination and lets it in: nothing listens there. */
  | { readonly kind: "closed"; readonly node: string }
  | { readonly kind: "unreachable"; readonly node: string; readonly destination: string }
  /** The SYN arrives, and the answer does not find its way back; `astray` where it goes to another neighbour than the SYN came from. */
  | { readonly kind: "no-way-back"; readonly node: string; readonly source: string; readonly astray?: true };

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
  const found = known.get(key) ?? walkOnce(topology, syn, []);
  known.set(key, found);
  return found;
}

/** Walks that no router expected, by where they begin and lead. */
const walks = perNetwork(() => new Map<string, Walk>());

function walkAgain(topology: Topology, syn: Syn, expectations: readonly Expectation[]): Walk {
  const first = walkOnce(topology, syn, expectations);
  const { end } = first;
  if (end.kind !== "blocked" || end.expected !== true || !end.silent) return first;
  const left = expectations.filter(({ router }) => router !== end.node);
  const second = walk(topology, syn, left);
  return second.end.kind === "delivered" ? second : first;
}

/** Hop by hop through routing, DNAT, filters and source NAT, in netfilter's order. */
function walkOnce(topology: Topology, syn: Syn, expectations: readonly Expectation[]): Walk {
  const passages: Passage[] = [];
  const arrivals: Arrival[] = [];
  let { source, destination, ports } = syn;
  let at = syn.from;
  let arrivedOn: string | null = null;
  // More hops than nodes would be a routing loop, which a TTL ends in a real network.
  for (let hop = 0; hop <= topology.nodes.length; hop += 1) {
    const node = nodeOf(topology, at);
    const before = { source, destination };
    let expectation: Expectation | undefined;
    if (node.kind === "router") {
      expectation = expectations.find(
        (entry) => entry.router === at && entry.source === source && entry.destination === destination,
      );
      const forwarded = expectation?.translated
        ? { destination: expectation.translated.destination, ports }
        : forwardTarget(node, attachmentsOf(topology, at), arrivedOn, destination, ports);
      ({ destination, ports } = forwarded ?? { destination, ports });
    }
    // Packets for the node's own addresses never reach tayga: the kernel takes them.
    if (node.kind === "translator" && !isItsOwn(topology, at, destination)) {
      const ends = translated(topology, node, before);
      if (ends === null) return { passages, end: { kind: "unreachable", node: at, destination } };
      ({ source, destination } = ends);
    }
    if (owns(topology, at, destination)) {
      if (node.kind !== "router") {
        const isLetIn =
          node.kind === "translator" || node.firewall === undefined || covers(node.firewall.accepts, ports);
        return { passages, end: isLetIn ? endAtHost(topology, at, source, arrivals) : stoppedByHost(at) };
      }
      const verdict = node.filter.input;
      if (verdict === "accept") return { passages, end: { kind: "closed", node: at } };
      return {
        passages,
        end: { kind: "blocked", node: at, where: "input", silent: verdict === "drop", in: null, out: null },
      };
    }
    const next = route(topology, at, destination);
    if (next === null) return { passages, end: { kind: "unreachable", node: at, destination } };
    if (node.kind === "router" && arrivedOn !== null) {
      const by = filterForward(node, arrivedOn, next.link.id, ports, expectation !== undefined);
      if (by === null) {
        const silent = node.filter.forward === "drop";
        const blocked = {
          kind: "blocked",
          node: at,
          where: "forward",
          silent,
          in: arrivedOn,
          out: next.link.id,
        } as const;
        return { passages, end: expectation === undefined ? blocked : { ...blocked, expected: true } };
      }
      source = expectation?.translated?.source ?? translateSource(node, next, ports, source);
      passages.push({ router: node, before, after: { source, destination }, by });
    } else if (hop > 0 && node.kind !== "translator") {
      return { passages, end: { kind: "unreachable", node: at, destination } };
    }
    arrivedOn = next.link.id;
    arrivals.push({ node: next.peer, source, from: at });
    at = next.peer;
  }
  return { passages, end: { kind: "unreachable", node: at, destination } };
}

/** Where the SYN came to, from which neighbour, and from which address as seen there. */
type Arrival = { readonly node: string; readonly source: string; readonly from: string };

/** The answer undoes each translation and has to find the same way back, or a reply reaches nobody. */
function endAtHost(topology: Topology, host: string, source: string, arrivals: readonly Arrival[]): WalkEnd {
  for (const arrival of arrivals.toReversed()) {
    const back = route(topology, arrival.node, arrival.source);
    if (back?.peer === arrival.from) continue;
    const lost = { kind: "no-way-back", node: arrival.node, source: arrival.source } as const;
    return back === null ? lost : { ...lost, astray: true };
  }
  return { kind: "delivered", node: host, source };
}

function stoppedByHost(node: string): WalkEnd {
  return { kind: "blocked", node, where: "host", silent: true, in: null, out: null };
}

function forwardTarget(
  router: RouterNode,
  own: readonly Attachment[],
  arrivedOn: string | null,
  destination: string,
  ports: PortRange,
): { readonly destination: string; readonly ports: PortRange } | undefined {
  const address = own.find(({ link }) => link.id === arrivedOn)?.address;
  const here = router.portForwards.filter(
    (forward) => forward.on === arrivedOn && (forward.address ?? address) === destination,
  );
  // Several entries may share a range among them.
  const found = here.find(({ to, toFirstPort }) =>
    covers(
      here.flatMap((entry) => (entry.to === to && entry.toFirstPort === toFirstPort ? entry.ports : [])),
      ports,
    ),
  );
  if (found === undefined) return undefined;
  const [range] = found.ports;
  const shift = found.toFirstPort === undefined || range === undefined ? 0 : found.toFirstPort - range.first;
  return { destination: found.to, ports: { first: ports.first + shift, last: ports.last + shift } };
}

function filterForward(
  router: RouterNode,
  from: string,
  to: string,
  ports: PortRange,
  expected: boolean,
): Passage["by"] | null {
  // An expected connection is RELATED and not NEW, so the rules that allow new ones do not see it.
  if (expected && router.filter.related) return "expectation";
  if (expected) return router.filter.forward === "accept" ? "policy" : null;
  const rules = router.filter.allow.filter((rule) => rule.from === from && rule.to === to);
  const allowed = covers(
    rules.flatMap((rule) => rule.ports ?? anyPort),
    ports,
  );
  if (allowed) return "rule";
  return router.filter.forward === "accept" ? "policy" : null;
}

function translateSource(router: RouterNode, next: Attachment, ports: PortRange, source: string): string {
  const named = (router.sourceNats ?? []).find(
    (entry) => entry.out === next.link.id && covers(entry.ports ?? anyPort, ports),
  );
  if (named !== undefined) return named.to;
  return router.masquerade.includes(next.link.id) ? next.address : source;
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

const anyPort: readonly PortRange[] = [{ first: 0, last: 65535 }];

/** Whether the ranges together hold every port that the connection may have. */
function covers(ranges: readonly PortRange[], ports: PortRange): boolean {
  let next = ports.first;
  for (const range of [...ranges].sort((one, other) => one.first - other.first)) {
    if (range.first <= next && next <= range.last) next = range.last + 1;
  }
  return next > ports.last;
}
