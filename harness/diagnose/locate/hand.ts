/** By which hand a packet came to its end at a node: what the node's own trace, rules, routes and counters say of it. */
import type { BreakHand, FirstBreak } from "../../model/first-break";
import type { Proof } from "../../model/diagnosis";
import type { CellEvidence, FlowTuple, NodeFacts, TracedPacket, TraceStep } from "../../model/evidence";
import { isSameFlow } from "../../evidence/timeline/flow";
import { isClosing } from "./closing-rule";
import { knownRoute } from "./routes";
import { rewrites, untracks } from "../../evidence/text/rule-words";
import { droppedProof } from "../proofs";

/** A packet as a node saw it. */
export type PacketThere = {
  readonly flow: FlowTuple;
  /** `SYN`, `SYN,ACK`, ... */
  readonly flags: string;
  /** Bytes of payload. */
  readonly length: number;
};

/** A break before it is put into words; `packet`: what it is about, as it looked where it was seen last. */
export type FoundBreak = Omit<FirstBreak, "sentence" | "side" | "packet"> & { readonly packet?: PacketThere };

/** A hand, and what shows it. */
export type KnownHand = { readonly hand: BreakHand; readonly proofs: readonly Proof[] };

type NodeTrace = {
  readonly node: string;
  readonly isRouter: boolean;
  readonly traced: readonly TracedPacket[];
};

/** What a node traced of a cell's packets; `null` if it was not traced. */
export function traceAt({ routers, hosts = [] }: CellEvidence, node: string): NodeTrace | null {
  const router = routers.find((candidate) => candidate.router === node);
  if (router !== undefined) return { node, isRouter: true, traced: [...router.packets, ...router.dropped] };
  const host = hosts.find((candidate) => candidate.host === node);
  return host === undefined ? null : { node, isRouter: false, traced: [...host.packets, ...host.dropped] };
}

/** The hand that ended a packet at a node; `null` if nothing recorded at the node shows it. */
export function handAt(evidence: CellEvidence, node: string, packet: PacketThere): KnownHand | null {
  const trace = traceAt(evidence, node);
  if (trace === null) return null;
  const found = stoppedIn(trace, packet);
  return found === null ? null : handOf(evidence, trace, found);
}

/** The packet's trace, where it shows that the packet did not get through. */
function stoppedIn({ traced }: NodeTrace, { flow, flags, length }: PacketThere): TracedPacket | null {
  const same = traced.filter(
    (candidate) => isSameFlow(candidate.arrived, flow) && flagsOf(candidate.flags) === flagsOf(flags),
  );
  const fits = same.filter(({ size }) => size === undefined || length === 0 || (size > length && size <= length + 120));
  return fits.find((candidate) => isStopped(candidate)) ?? null;
}

/** Whether a trace ends before the packet had left the node or come to its TCP. */
export function isStopped({ steps, end }: TracedPacket): boolean {
  if (dropOf(steps) !== null) return true;
  if (end !== undefined) return end !== "left" && end !== "delivered";
  // If no filter decided, the packet had no way on; if the filter let it in, it ended at the router itself.
  const last = steps.findLast(({ table, verdict }) => table === "filter" && verdict === "ACCEPT");
  return last === undefined || last.chain === "INPUT";
}

export function dropOf(steps: readonly TraceStep[]): TraceStep | null {
  return steps.findLast(({ verdict }) => verdict === "DROP" || verdict === "REJECT") ?? null;
}

function flagsOf(flags: string): string {
  return flags
    .split(/[\s,]+/)
    .filter((flag) => flag !== "" && flag !== "PSH")
    .sort()
    .join();
}

function handOf(evidence: CellEvidence, { node, isRouter }: NodeTrace, packet: TracedPacket): KnownHand {
  const proofs = [droppedProof(node, packet)];
  const step = dropOf(packet.steps);
  if (step !== null) {
    const { table, chain, rule } = step;
    // A connection through the router that ends in INPUT was taken for one to the router: no rule sent it on.
    const closing = isClosing(step, evidence.routers.find(({ router }) => router === node) ?? null);
    const then: BreakHand =
      rule === null
        ? { kind: "policy", node, table, chain }
        : { kind: "rule", node, table, chain, rule, isClosing: closing };
    // A rule that hid it from connection tracking, or changed it past NAT, made it unknown to the router.
    const isStrangers = closing || chain === "INPUT";
    const earlier = isStrangers ? (stepBy(packet, untracks) ?? stepBy(packet, rewrites)) : null;
    if (earlier !== null) return { hand: { ...earlier, kind: "rule", node, isClosing: false, then }, proofs };
    const isOwn = isRouter && chain === "INPUT" && table === "filter";
    return { hand: isOwn ? { kind: "not-forwarded", node, then } : then, proofs };
  }
  const { end } = packet;
  if (end === undefined) {
    const isIn = packet.steps.some(({ chain }) => chain === "INPUT");
    return { hand: isIn ? { kind: "not-forwarded", node } : undecided(evidence, node, packet, isRouter), proofs };
  }
  if (end === "routing") {
    const hand = routing(evidence, node, packet, isRouter);
    return { hand, proofs: [...proofs, ...(hand.kind === "reverse-path-filter" ? filterProofs(evidence, node) : [])] };
  }
  if (end === "delivered") return { hand: { kind: isRouter ? "not-forwarded" : "host", node }, proofs };
  // Behind all rules only the link is left to find the next hop on.
  if (end === "postrouting") {
    return {
      hand: { kind: "no-route", node, neighbour: true, ...decidingRoute(evidence, node, packet, isRouter) },
      proofs,
    };
  }
  return { hand: end === "left" ? { kind: "unknown" } : { kind: "conntrack", node }, proofs };
}

type RuleStep = { readonly table: string; readonly chain: string; readonly rule: string };

/** The first rule of a kind on a packet's way. */
function stepBy({ steps }: TracedPacket, words: RegExp): RuleStep | null {
  for (const { table, chain, rule } of steps) if (rule !== null && words.test(rule)) return { table, chain, rule };
  return null;
}

/** No filter decided, and no mark shows how far it got: only the node's own ICMP message says what ended it (RFC 792, RFC 4443). */
function undecided(evidence: CellEvidence, node: string, packet: TracedPacket, isRouter: boolean): BreakHand {
  if (says(evidence, node, packet.arrived, /time exceeded|hop limit/i))
    return routing(evidence, node, packet, isRouter);
  return says(evidence, node, packet.arrived, /unreachable|no route/i)
    ? { kind: "no-route", node, ...decidingRoute(evidence, node, packet, isRouter) }
    : { kind: "unknown" };
}

/** The line of the node's routes that decides about a packet, where its destination on the link is known: NAT may have changed it. */
function decidingRoute(
  evidence: CellEvidence,
  node: string,
  { arrived, flags, steps }: TracedPacket,
  isRouter: boolean,
): { readonly route?: string } {
  const isTranslated =
    isRouter && (flagsOf(flags) !== "SYN" || steps.some(({ table, rule }) => table === "nat" && rule !== null));
  return isTranslated ? {} : knownRoute(evidence, node, arrived);
}

/** Between two hooks there is nothing but routing: TTL, the reverse path filter (RFC 3704), or no route. */
function routing(evidence: CellEvidence, node: string, packet: TracedPacket, isRouter: boolean): BreakHand {
  const rule = packet.steps.findLast((step) => setsTtl.test(step.rule ?? ""))?.rule ?? null;
  const ended =
    (packet.ttl !== undefined && packet.ttl <= 1) || says(evidence, node, packet.arrived, /time exceeded|hop limit/i);
  if (ended) return { kind: "ttl", node, rule };
  const { facts = [] } = evidence;
  const own = facts.find((candidate) => candidate.node === node);
  if (own !== undefined && filtersReversePath(own, packet.inLink)) {
    return { kind: "reverse-path-filter", node, link: packet.inLink };
  }
  return { kind: "no-route", node, ...decidingRoute(evidence, node, packet, isRouter) };
}

/** Rules that set or lower a packet's TTL or hop limit, in iptables' and nft's words. */
const setsTtl = /-j (TTL|HL)\b|\b(ttl|hoplimit) set\b/;

/** The node itself told the packet's sender so, by ICMP. */
function says({ captures }: CellEvidence, node: string, flow: FlowTuple, words: RegExp): boolean {
  return captures.some(
    (capture) =>
      capture.node === node &&
      capture.packets.some(
        ({ icmp, direction, flow: quoted }) =>
          icmp !== null && direction === "out" && words.test(icmp.what) && isSameFlow(quoted, flow),
      ),
  );
}

/** The stricter of `all` and the link's own setting holds (ip-sysctl), and the kernel counts what it drops. */
export function filtersReversePath({ sysctls, counters }: NodeFacts, link: string | null): boolean {
  const values = ["all", ...(link === null ? [] : [link])].map((name) =>
    Number(sysctls[`net.ipv4.conf.${name}.rp_filter`] ?? 0),
  );
  return Math.max(...values) > 0 && (counters["TcpExtIPReversePathFilter"] ?? 0) > 0;
}

/** The settings that filter, and what the kernel counted. */
function filterProofs({ facts = [] }: CellEvidence, node: string): readonly Proof[] {
  const own = facts.find((candidate) => candidate.node === node);
  if (own === undefined) return [];
  const settings = Object.entries(own.sysctls)
    .filter(([name, value]) => name.endsWith(".rp_filter") && Number(value) > 0)
    .map(([name, value]) => `${name} = ${value}`);
  const dropped = own.counters["TcpExtIPReversePathFilter"] ?? 0;
  return [
    { witness: node, text: `${settings.join(", ")}; the kernel counted ${dropped} drops by it (IPReversePathFilter)` },
  ];
}
