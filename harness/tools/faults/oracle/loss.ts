/**
 * What of a session did not arrive, by the captures of both hosts alone. It is the fuzzer's own reading and shares nothing with the
 * diagnosis, which it is to judge.
 */
import { isDeepStrictEqual } from "node:util";
import type { Capture, SeenPacket } from "../../../model/evidence";

/** The first packet that was sent and never acknowledged. */
export type Loss = {
  readonly connection: "control" | "data";
  /** `payload`: bytes of any kind; `end`: a FIN without bytes; `ack`: nothing but an acknowledgement. */
  readonly kind: "syn" | "syn-ack" | "ack" | "payload" | "end";
  readonly from: "client" | "server";
  /** First line of a payload in clear; else `null`. */
  readonly text: string | null;
};

/** A packet that the changed rule met, as it was at the rule. */
export type Hit = Omit<SeenPacket, "direction">;

export type Session = {
  readonly captures: readonly Capture[];
  /** The client's host, and the hosts of its servers. */
  readonly client: string;
  readonly servers: readonly string[];
  /** Ports of control connections, before and behind translation. */
  readonly controlPorts: readonly number[];
};

type Sent = { readonly packet: Hit; readonly from: "client" | "server" };

/** The first loss of a session. @param among left out: of all its packets */
export function firstLoss(session: Session, among: readonly Hit[] | null, since = 0): Loss | null {
  const sent = sentPackets(session);
  const answered = sent.filter((one) => needsAnswer(one.packet) && isAnswered(one, session));
  const lost = sent.filter(
    (one) => needsAnswer(one.packet) && !answered.includes(one) && !answered.some((other) => isNewTry(other, one)),
  );
  const found =
    among === null
      ? lost.find(({ packet }) => packet.at >= since - clockSlackS)
      : lost.find(({ packet }) => among.some((hit) => isSameSegment(hit, packet)));
  return found === undefined ? null : lossOf(found, session);
}

/** The first of the packets that a rule met, whatever happened to it. @param host of the rule, where it is no router's */
export function firstMet(session: Session, hits: readonly Hit[], host: "client" | "server" | null): Loss | null {
  const sent = sentPackets(session);
  for (const hit of hits) {
    const from = sent.find(({ packet }) => isSameSegment(hit, packet))?.from ?? host;
    if (from !== null) return lossOf({ packet: hit, from }, session);
  }
  return null;
}

/** Captures and rules stamp the same packet some µs apart. */
const clockSlackS = 0.002;

function sentPackets({ captures, client, servers }: Session): readonly Sent[] {
  return captures
    .flatMap(({ node, packets }): Sent[] => {
      const from = node === client ? "client" : servers.includes(node) ? "server" : null;
      if (from === null) return [];
      return packets.flatMap((packet) =>
        packet.direction === "out" && packet.icmp === null ? [{ packet, from }] : [],
      );
    })
    .toSorted((one, other) => one.packet.at - other.packet.at);
}

const has = ({ flags }: Hit, flag: string): boolean => flags.split(",").includes(flag);

/** How far a packet moves the sequence number on (RFC 9293 section 3.4). */
function span(packet: Hit): number {
  return packet.length + (has(packet, "SYN") ? 1 : 0) + (has(packet, "FIN") ? 1 : 0);
}

function needsAnswer(packet: Hit): boolean {
  return span(packet) > 0 && !has(packet, "RST");
}

/**
 * Whether the other host acknowledged it, be it that the acknowledgement was lost; or its own host saw it acknowledged, since the
 * helper may have shifted the numbers on the way.
 */
function isAnswered({ packet, from }: Sent, session: Session): boolean {
  const far = from === "client" ? session.servers : [session.client];
  const near = from === "client" ? [session.client] : session.servers;
  const end = packet.sequence + span(packet);
  const acknowledges = (other: SeenPacket): boolean =>
    other.icmp === null && has(other, "ACK") && distance(end, other.acknowledgement) < sameConnection;
  return session.captures.some(
    ({ node, packets }) =>
      (far.includes(node) && packets.some((other) => other.direction === "out" && acknowledges(other))) ||
      (near.includes(node) &&
        packets.some((other) => other.direction === "in" && !has(other, "RST") && acknowledges(other))),
  );
}

/** A connection that a reset ended half open begins anew with the next SYN, and its SYN,ACK has another number then. */
function isNewTry(later: Sent, { packet, from }: Sent): boolean {
  const { packet: anew } = later;
  return (
    has(packet, "SYN") &&
    later.from === from &&
    anew.flags === packet.flags &&
    anew.at > packet.at &&
    isDeepStrictEqual(anew.flow, packet.flow)
  );
}

/** Sequence numbers of two connections are that close by chance once in 256 × 256 pairs. */
const sameConnection = 2 ** 16;

function distance(from: number, to: number): number {
  return (to - from + 2 ** 32) % 2 ** 32;
}

/** Addresses and ports may have been translated between host and rule, and numbers shifted; a line's text tells it then. */
function isSameSegment(hit: Hit, packet: Hit): boolean {
  if (hit.icmp !== null || hit.flags !== packet.flags) return false;
  if (hit.sequence === packet.sequence) return hit.length === packet.length;
  return hit.text !== null && hit.text === packet.text && Math.abs(hit.at - packet.at) < 0.05;
}

function lossOf({ packet, from }: Sent, { controlPorts }: Session): Loss {
  const { sourcePort, destinationPort } = packet.flow;
  const isControl = controlPorts.includes(from === "client" ? destinationPort : sourcePort);
  return { connection: isControl ? "control" : "data", kind: kindOf(packet), from, text: packet.text };
}

function kindOf(packet: Hit): Loss["kind"] {
  if (has(packet, "SYN")) return has(packet, "ACK") ? "syn-ack" : "syn";
  if (packet.length > 0) return "payload";
  return has(packet, "FIN") ? "end" : "ack";
}
