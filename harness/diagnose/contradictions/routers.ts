/** What each router's rules and connection table say, and what its links carried. */
import type { Capture, FlowTuple, RouterEvidence, SeenPacket, TracedPacket } from "../../model/evidence";
import { decisionOf, leftBy } from "../../evidence/text/router-trace";
import { byFlow, flowKey, isSameFlow, reversed } from "../../evidence/timeline/flow";
import { isSyn, isSynAck } from "../../evidence/timeline/segment";
import { translationsOf } from "../../evidence/timeline/translation";
import { endpointOf } from "../../ftp/endpoint";
import { flow as flowWords } from "../words";
import { wholeRouter, type Testimony } from "./reliable-witnesses";

export function routerContradictions(testimony: Testimony): readonly string[] {
  return testimony.evidence.routers.flatMap((router) => {
    const captures = wholeRouter(testimony, router.router);
    if (captures === null) return [];
    return [
      ...untraced(testimony, router, captures),
      ...decisions(testimony, router, captures),
      ...answers(testimony, router, captures),
    ];
  });
}

/** A SYN at a vantage point. */
type Syn = {
  /** The interface, by its name in the router. */
  readonly link: string;
  readonly packet: SeenPacket;
};

function nameOf({ link, interface: own }: Capture): string {
  return own ?? link;
}

function synsOf(captures: readonly Capture[], direction: "in" | "out"): readonly Syn[] {
  return captures.flatMap((capture) =>
    capture.packets.flatMap((packet) =>
      packet.icmp === null && packet.direction === direction && isSyn(packet)
        ? [{ link: nameOf(capture), packet }]
        : [],
    ),
  );
}

/** The rule that requests the trace comes before all others, unless somebody has changed the rules. */
const tracesFirst = /^\*raw\n(?::.*\n)*(?:\[\S+\] )?-A PREROUTING .*-j TRACE$/m;

/** SYNs that came in and met no rule, and rules that were met by none. */
function untraced(testimony: Testimony, router: RouterEvidence, captures: readonly Capture[]): readonly string[] {
  if (!tracesFirst.test(router.rules)) return [];
  const id = router.router;
  const arrivals = synsOf(captures, "in");
  const traced = new Set(router.packets.map(({ arrived }) => flowKey(arrived)));
  const arrived = new Set(arrivals.map(({ link, packet }) => `${link} ${flowKey(packet.flow)}`));
  const links = new Set(captures.map(nameOf));
  const isMine = attribution(testimony, router);
  const unmet = arrivals.filter(({ packet: { at, flow } }) => at < testimony.endedAt && !traced.has(flowKey(flow)));
  const unseen = router.packets.flatMap(({ arrived: flow, inLink }) =>
    inLink !== null && links.has(inLink) && !arrived.has(`${inLink} ${flowKey(flow)}`) ? [{ flow, inLink }] : [],
  );
  return distinct([
    ...unmet
      .filter(({ packet }) => isMine(packet.flow))
      .map(({ link, packet }) => `A SYN ${flowWords(packet.flow)} came to ${id}:${link}, and no rule of ${id} met it.`),
    ...unseen.map(
      ({ flow, inLink }) => `${id} says its rules met a SYN ${flowWords(flow)}, and none came to ${id}:${inLink}.`,
    ),
  ]);
}

/** Whether the trace of a flow would have been told as this session's (see `evidence/assemble.ts`). */
function attribution({ evidence, control }: Testimony, router: RouterEvidence): (flow: FlowTuple) => boolean {
  const announced = new Set(
    evidence.attempt.transcript.flatMap(({ direction, text }) =>
      direction === ">" ? (endpointOf(text)?.port ?? []) : [],
    ),
  );
  const before = evidence.routers[evidence.routers.indexOf(router) - 1];
  const passed = new Set(before?.connections.map(({ reply }) => flowKey(reversed(reply))));
  const client = control?.views.find(({ point }) => point.kind === "client")?.flow.source;
  return (flow) => {
    if (announced.has(flow.destinationPort)) return true;
    return before === undefined ? flow.source === client : passed.has(flowKey(flow));
  };
}

/** What was let through must have left as the connection table says, and what was not must not have left. */
function decisions({ endedAt }: Testimony, router: RouterEvidence, captures: readonly Capture[]): readonly string[] {
  const id = router.router;
  const departures = new Map(
    byFlow(synsOf(captures, "out"), ({ packet }) => packet.flow).flatMap((syns) =>
      syns.map((syn) => [syn.packet.sequence, syns] as const),
    ),
  );
  const arrivals = new Map(
    byFlow(synsOf(captures, "in"), ({ packet }) => packet.flow).map((syns) => [keyOf(syns), syns] as const),
  );
  const translations = translationsOf(router);
  return byFlow(router.packets, ({ arrived }) => arrived).flatMap((packets) => {
    const [first] = packets;
    if (first === undefined) return [];
    const came = (arrivals.get(flowKey(first.arrived)) ?? []).filter(({ packet }) => packet.at < endedAt);
    const left = came.flatMap(({ packet }) => departures.get(packet.sequence) ?? []);
    if (came.length === 0) return [];
    const passed = packets.find(isLetThrough);
    if (passed !== undefined) {
      return notLeft(id, passed, left, { captures, translated: translations.get(flowKey(first.arrived)) ?? null });
    }
    // If a SYN's trace was lost, the decision is unknown.
    const isStopped = packets.length >= came.length && packets.every(isDropped);
    const [departure] = left;
    if (!isStopped || departure === undefined) return [];
    return [`${id} says it dropped the SYN ${flowWords(first.arrived)}, and it left by ${id}:${departure.link}.`];
  });
}

function keyOf([first]: readonly Syn[]): string {
  return first === undefined ? "" : flowKey(first.packet.flow);
}

/** Where the trace says itself that the packet ended behind its filter, it does not claim that it left. */
function isLetThrough(packet: TracedPacket): boolean {
  const hasEnded = packet.end !== undefined && packet.end !== "left";
  return decisionOf(packet)?.verdict === "ACCEPT" && leftBy(packet) !== null && !hasEnded;
}

function isDropped(packet: TracedPacket): boolean {
  return ["DROP", "REJECT"].includes(decisionOf(packet)?.verdict ?? "");
}

function notLeft(
  id: string,
  { arrived, ...packet }: TracedPacket,
  left: readonly Syn[],
  known: { readonly captures: readonly Capture[]; readonly translated: FlowTuple | null },
): readonly string[] {
  const outLink = leftBy({ arrived, ...packet });
  const { captures, translated } = known;
  const onLink = captures.find((capture) => nameOf(capture) === outLink);
  if (onLink === undefined) return [];
  const mine = left.filter(({ link }) => link === outLink);
  if (mine.length === 0) {
    // To a host that does not answer ARP or neighbour solicitation nothing leaves.
    const target = (translated ?? arrived).destination;
    const isNeighbour = onLink.packets.some(
      ({ direction, flow, icmp }) => icmp === null && direction === "out" && flow.destination === target,
    );
    return isNeighbour
      ? [`${id} says it let the SYN ${flowWords(arrived)} through, and it did not leave by ${id}:${nameOf(onLink)}.`]
      : [];
  }
  if (translated === null || mine.some(({ packet: { flow } }) => isSameFlow(flow, translated))) return [];
  const [other] = mine;
  if (other === undefined) return [];
  return [
    `${id}'s connection table makes ${flowWords(arrived)} into ${flowWords(translated)}, and it left by ${id}:${nameOf(onLink)} as ${flowWords(other.packet.flow)}.`,
  ];
}

/** Whether conntrack saw an answer, and whether one came. */
function answers({ settledAt }: Testimony, router: RouterEvidence, captures: readonly Capture[]): readonly string[] {
  const id = router.router;
  const packets = captures.flatMap((capture) => capture.packets.filter(({ icmp }) => icmp === null));
  const came = new Map(byFlow(packets, ({ flow }) => flow).flatMap((same) => entryOf(same)));
  return byFlow(router.connections, ({ original }) => original).flatMap((events) => {
    const last = events.at(-1);
    if (last === undefined) return [];
    const { original, reply } = last;
    const answering = [reply, reversed(original)].flatMap((flow) => came.get(flowKey(flow)) ?? []);
    if (events.some(({ replied }) => replied)) {
      return answering.length > 0
        ? []
        : [`${id}'s connection table has an answer to ${flowWords(original)}, and none came to its links.`];
    }
    const answer = answering.find((packet) => packet.direction === "in" && isSynAck(packet));
    // One that ended in the router may have been taken out, or changed, before connection tracking saw it.
    const wentOn = packets.some(
      (packet) => packet.direction === "out" && isSynAck(packet) && packet.sequence === answer?.sequence,
    );
    if (!wentOn) return [];
    const isLate = answer === undefined || answer.at > settledAt || last.at < answer.at + eventDelaySeconds;
    return isLate ? [] : [`A SYN,ACK to ${flowWords(original)} came to ${id}, and its connection table has no answer.`];
  });
}

/** conntrack reports its events some ms late. */
const eventDelaySeconds = 0.2;

function entryOf(same: readonly SeenPacket[]): readonly (readonly [string, readonly SeenPacket[]])[] {
  const [first] = same;
  return first === undefined ? [] : [[flowKey(first.flow), same]];
}

function distinct(sentences: readonly string[]): readonly string[] {
  return [...new Set(sentences)];
}
