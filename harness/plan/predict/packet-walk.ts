import type { PortRange, RouterNode, Topology } from "../../model/topology";
import { contains } from "../addresses";
import { attachmentsOf, nodeOf, type Attachment } from "../network";

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
  /** `where`: the chain that decided; `input` means the router itself was the destination, and there is no `out` link. */
  | {
      readonly kind: "blocked";
      readonly node: string;
      readonly where: "input" | "forward";
      readonly silent: boolean;
      readonly out: string | null;
      /** Set where the router's helper expected the connection. */
      readonly expected?: true;
    }
  /** The router itself is the destination and lets it in: nothing listens there. */
  | { readonly kind: "closed"; readonly node: string }
  | { readonly kind: "unreachable"; readonly node: string; readonly destination: string }
  /** The SYN arrives, and the answer does not find its way back. */
  | { readonly kind: "no-way-back"; readonly node: string; readonly source: string };

export type Walk = { readonly passages: readonly Passage[]; readonly end: WalkEnd };

/** Follows a SYN hop by hop through routing, DNAT, filters and source NAT, in netfilter's order. */
export function walk(topology: Topology, syn: Syn, expectations: readonly Expectation[]): Walk {
  const passages: Passage[] = [];
  const arrivals: Arrival[] = [];
  let { source, destination } = syn;
  let at = syn.from;
  let arrivedOn: string | null = null;
  // More hops than nodes would be a routing loop, which a TTL ends in a real network.
  for (let hop = 0; hop <= topology.nodes.length; hop += 1) {
    const node = nodeOf(topology, at);
    const own = attachmentsOf(topology, at);
    const before = { source, destination };
    let expectation: Expectation | undefined;
    if (node.kind === "router") {
      expectation = expectations.find(
        (entry) => entry.router === at && entry.source === source && entry.destination === destination,
      );
      destination =
        expectation?.translated?.destination ??
        forwardTarget(node, own, arrivedOn, destination, syn.ports) ??
        destination;
    }
    if (owns(topology, at, destination)) {
      if (node.kind !== "router") return { passages, end: endAtHost(topology, at, source, arrivals) };
      const verdict = node.filter.input;
      if (verdict === "accept") return { passages, end: { kind: "closed", node: at } };
      return { passages, end: { kind: "blocked", node: at, where: "input", silent: verdict === "drop", out: null } };
    }
    const next = route(topology, own, node.gateway, destination);
    if (next === null) return { passages, end: { kind: "unreachable", node: at, destination } };
    if (node.kind === "router" && arrivedOn !== null) {
      const by = filterForward(node, arrivedOn, next.link.id, syn.ports, expectation !== undefined);
      if (by === null) {
        const silent = node.filter.forward === "drop";
        const blocked = { kind: "blocked", node: at, where: "forward", silent, out: next.link.id } as const;
        return { passages, end: expectation === undefined ? blocked : { ...blocked, expected: true } };
      }
      source = translateSource(node, next, expectation, source);
      passages.push({ router: node, before, after: { source, destination }, by });
    } else if (hop > 0) {
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
  const lost = arrivals.findLast((arrival) => {
    const { gateway } = nodeOf(topology, arrival.node);
    const back = route(topology, attachmentsOf(topology, arrival.node), gateway, arrival.source);
    return back?.peer !== arrival.from;
  });
  if (lost !== undefined) return { kind: "no-way-back", node: lost.node, source: lost.source };
  return { kind: "delivered", node: host, source };
}

function forwardTarget(
  router: RouterNode,
  own: readonly Attachment[],
  arrivedOn: string | null,
  destination: string,
  ports: PortRange,
): string | undefined {
  const address = own.find(({ link }) => link.id === arrivedOn)?.address;
  if (address !== destination) return undefined;
  const here = router.portForwards.filter((forward) => forward.on === arrivedOn);
  // Several entries may share a range among them.
  return here.find(({ to }) =>
    covers(
      here.flatMap((entry) => (entry.to === to ? entry.ports : [])),
      ports,
    ),
  )?.to;
}

function filterForward(
  router: RouterNode,
  from: string,
  to: string,
  ports: PortRange,
  expected: boolean,
): Passage["by"] | null {
  // An expected connection is RELATED and never NEW, so the rules that allow new ones do not see it.
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

function translateSource(
  router: RouterNode,
  next: Attachment,
  expectation: Expectation | undefined,
  source: string,
): string {
  if (expectation?.translated) return expectation.translated.source;
  return router.masquerade.includes(next.link.id) ? next.address : source;
}

/** The next hop; on a wire only the peer can answer for an address of the subnet (ARP, RFC 826; ND, RFC 4861). */
function route(
  topology: Topology,
  own: readonly Attachment[],
  gateway: string | null,
  destination: string,
): Attachment | null {
  const direct = own.find(({ link }) => contains(link.subnet, destination));
  if (direct !== undefined) return owns(topology, direct.peer, destination) ? direct : null;
  if (gateway === null) return null;
  return own.find(({ link }) => contains(link.subnet, gateway)) ?? null;
}

function owns(topology: Topology, nodeId: string, address: string): boolean {
  // Hosts are walked by their first address: the one that stands for every session of the client.
  return attachmentsOf(topology, nodeId).some((attachment) => attachment.address === address);
}

const anyPort: readonly PortRange[] = [{ first: 0, last: 65535 }];

/** Whether the ranges together hold every port that the connection may have. */
function covers(ranges: readonly PortRange[], ports: PortRange): boolean {
  let next = ports.first;
  for (const range of [...ranges].sort((one, other) => one.first - other.first)) {
    if (range.first <= next && next <= range.last) next = range.last + 1;
  }
  return next > ports.last;
}
