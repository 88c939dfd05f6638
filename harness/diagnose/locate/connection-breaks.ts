/** What went wrong on one TCP connection, packet by packet: its opening, and what was to travel on it. */
import type { BreakHand, BreakPlace, BrokenThing } from "../../model/first-break";
import type { Proof } from "../../model/diagnosis";
import type { CellEvidence } from "../../model/evidence";
import type { Connection } from "../../evidence/timeline/connections";
import type { Journey } from "../../evidence/timeline/journeys";
import { isFin, isReset, isSyn, isSynAck } from "../../evidence/timeline/segment";
import { redirectionOf, untrackingStep } from "./redirection";
import { hasNoRoute, noRoute } from "./routes";
import { tooLong } from "./too-long";
import { handAt, type FoundBreak, type KnownHand, type PacketThere } from "./hand";
import { endsOf, goesOn, hasArrived, lossOn, otherEnd, senderOf, sentAt, type Loss, type Travel } from "./travel";
import { reversed } from "../../evidence/timeline/flow";
import { flow as flowText } from "../words";

/** A break on record: `at` is when the thing was sent first, in seconds since the epoch. */
export type PacketBreak = FoundBreak & {
  readonly at: number;
  readonly connection: Connection;
  /** The packet that was lost or not answered, as it looked where it was seen last. */
  readonly packet: PacketThere;
};

/** Breaks of a connection, in the order in which the things were sent; `until`: what is sent later no longer matters. */
export function breaksOn(
  connection: Connection,
  evidence: CellEvidence,
  travel: Travel,
  until: number,
): readonly PacketBreak[] {
  const own = travel.journeys.filter((journey) => journey.connection === connection);
  const opened = openingBreak({ connection, own, evidence, travel });
  const syn = own.find(({ way, sightings: [first] }) => way === "forth" && isPacket(first.packet, isSyn));
  const opening = opened === null || syn === undefined ? opened : byUntracking(opened, [syn], evidence);
  if (opening !== null) return opening.at < until ? [opening] : [];
  // Neither side waits for what comes after a reset.
  const resets = endsOf(own).filter(({ sightings: [{ packet }] }) => isReset(packet));
  const end = Math.min(until, ...resets.map(sentAt));
  return own.flatMap((journey): readonly PacketBreak[] => {
    if ((journey.length === 0 && !isEndOfData(journey)) || sentAt(journey) > end) return [];
    const lost = lostBreak(journey, thingOf(journey, own), evidence, travel);
    // Of what had been tracked, a packet of either direction may have been put into another zone.
    const before = own.filter((other) => sentAt(other) <= sentAt(journey));
    if (lost !== null) return [byUntracking(tooLong(lost, journey, travel), before, evidence)];
    const stopped = stoppedAtHost(journey, own, evidence);
    return stopped === null ? [] : [stopped];
  });
}

/** The end of a data connection is the end of its file (RFC 959 section 3.3): its FIN has to arrive too. */
function isEndOfData({ connection, length, sightings: [{ packet }] }: Journey): boolean {
  return connection.kind === "data" && length === 0 && packet.icmp === null && isFin(packet) && !isReset(packet);
}

type Opening = {
  readonly connection: Connection;
  readonly own: readonly Journey[];
  readonly evidence: CellEvidence;
  readonly travel: Travel;
};

function openingBreak({ connection, own, evidence, travel }: Opening): PacketBreak | null {
  const syn = own.find(({ way, sightings: [first] }) => way === "forth" && isPacket(first.packet, isSyn));
  if (syn === undefined) return null;
  const from = connection.opener;
  const thing: BrokenThing = { connection: connection.kind, kind: "syn", from, text: null };
  const lost = lostBreak(syn, thing, evidence, travel);
  if (lost !== null) return misdirected({ ...lost, what: isRefused(own) ? "refused" : "lost" }, syn, evidence);
  if (!hasArrived(syn)) return null;
  const answer = own.find(({ way, sightings: [first] }) => way === "back" && isPacket(first.packet, isSynAck));
  if (answer === undefined) return misdirected(unanswered(syn, thing, own, evidence), syn, evidence);
  const answerThing: BrokenThing = { ...thing, kind: "syn-ack", from: otherEnd(from) };
  const lostAnswer = lostBreak(answer, answerThing, evidence, travel);
  if (lostAnswer !== null) return lostAnswer;
  // The answer came to the opener's host, and its TCP went on as if it had not.
  if (own.some(goesOn)) return ackBreak(own, { ...thing, kind: "ack" }, evidence, travel);
  if (!hasArrived(answer)) return null;
  return stoppedAtHost(answer, own, evidence, answerThing) ?? answeredByAnother(syn, answer, answerThing);
}

/** A policy, or a rule like it, ended what a rule before it had hidden from connection tracking: that rule is the reason. */
function byUntracking(found: PacketBreak, journeys: readonly Journey[], evidence: CellEvidence): PacketBreak {
  if (!("node" in found.hand) || !isUnaimed(found)) return found;
  const { node } = found.hand;
  const step = untrackingStep(journeys, evidence, node);
  const rule = step?.rule ?? null;
  if (step === null || rule === null) return found;
  const { table, chain } = step;
  return {
    ...found,
    hand: { kind: "rule", node, table, chain, rule, isClosing: false },
    proofs: [{ witness: node, text: `${rule} took it out of connection tracking` }, ...found.proofs],
  };
}

function isUnaimed({ hand }: PacketBreak): boolean {
  return (
    hand.kind === "policy" ||
    hand.kind === "not-forwarded" ||
    hand.kind === "conntrack" ||
    (hand.kind === "rule" && hand.isClosing)
  );
}

/** A rule had sent the SYN to another host than the control connection. That rule is the reason, whatever ended the SYN there. */
function misdirected(found: PacketBreak, syn: Journey, evidence: CellEvidence): PacketBreak {
  if (found.connection.kind === "control") return found;
  const redirection = redirectionOf(syn, evidence);
  if (redirection === null) return found;
  const { node, step, isMoved } = redirection;
  const { table, chain, rule } = step;
  // A port that is moved on purpose leads somewhere.
  if (rule === null || (isMoved && found.hand.kind !== "nothing-listens")) return found;
  return {
    ...found,
    hand: { kind: "rule", node, table, chain, rule, isClosing: false, then: found.hand },
    proofs: [
      { witness: node, text: `${rule} gave ${flowText(found.packet.flow)} another destination` },
      ...found.proofs,
    ],
  };
}

/** The answer came from another address than the SYN went to: it went past the router that had translated the SYN. */
function answeredByAnother(syn: Journey, answer: Journey, thing: BrokenThing): PacketBreak | null {
  const dialled = syn.sightings[0].packet.flow;
  const { view, packet } = lastSighting(answer);
  if (packet.flow.source === dialled.destination && packet.flow.sourcePort === dialled.destinationPort) return null;
  const { node } = view.point.capture;
  const translator = syn.sightings.find(({ packet: there }) => there.flow.destination !== dialled.destination);
  const proofs = [
    proofOf(node, `it dialled ${flowText(dialled)}, and the answer that came was ${flowText(packet.flow)}`),
  ];
  return {
    at: sentAt(syn),
    connection: syn.connection,
    packet: packetOf(answer),
    what: "altered",
    thing,
    place: { kind: "node", node },
    hand: { kind: "conntrack", node: translator?.view.point.capture.node ?? node },
    proofs,
  };
}

/** Without the handshake's last packet the accepting end has no connection, until data comes in its place. */
function ackBreak(
  own: readonly Journey[],
  thing: BrokenThing,
  evidence: CellEvidence,
  travel: Travel,
): PacketBreak | null {
  const ack = own.find(({ way, length, sightings: [first] }) => {
    return way === "forth" && length === 0 && isPacket(first.packet, ({ flags }) => flags === "ACK");
  });
  const hasData = own.some(({ way, length }) => way === "forth" && length > 0);
  if (ack === undefined || hasData) return null;
  return lostBreak(ack, thing, evidence, travel) ?? stoppedAtHost(ack, own, evidence, thing);
}

function isPacket(packet: Journey["sightings"][0]["packet"], is: typeof isSyn): boolean {
  return packet.icmp === null && is(packet);
}

/** Somebody said no: a reset or an ICMP error came back. */
function isRefused(own: readonly Journey[]): boolean {
  return own.some(({ way, sightings: [{ packet }] }) => way === "back" && (packet.icmp !== null || isReset(packet)));
}

/** The SYN came to its host, and no SYN,ACK left it. */
function unanswered(syn: Journey, thing: BrokenThing, own: readonly Journey[], evidence: CellEvidence): PacketBreak {
  const last = lastSighting(syn);
  const { node } = last.view.point.capture;
  const packet = packetOf(syn);
  const at = sentAt(syn);
  const refused = isRefused(own);
  const place: BreakPlace = { kind: "node", node };
  const base = { at, connection: syn.connection, packet, place };
  const known = handAt(evidence, node, packet);
  if (known !== null && known.hand.kind !== "host") {
    return { ...base, what: refused ? "refused" : "lost", thing, ...known };
  }
  const answer = { flow: reversed(packet.flow), flags: "SYN,ACK", length: 0 };
  const stopped = handAt(evidence, node, answer);
  const answerThing: BrokenThing = { ...thing, kind: "syn-ack", from: otherEnd(thing.from) };
  // Its own rules may reject what it answers, and the refusal is then the kernel's word to itself.
  if (stopped !== null) return { ...base, packet: answer, what: "lost", thing: answerThing, ...stopped };
  const came = proofOf(node, `SYN ${flowText(packet.flow)} came`);
  if (refused) {
    return { ...base, what: "refused", thing, hand: { kind: "nothing-listens", node }, proofs: [came] };
  }
  const silent = [came, proofOf(node, "no SYN,ACK and no reset left it")];
  const hand: BreakHand = hasNoRoute(evidence, node, answer.flow)
    ? noRoute(evidence, node, answer.flow)
    : { kind: "host", node };
  return { ...base, packet: answer, what: "never-sent", thing: answerThing, hand, proofs: silent };
}

/** A packet that was seen for the last time before it came to its end; `null` if it arrived, or if that is unknown. */
function lostBreak(
  journey: Journey,
  thing: BrokenThing,
  evidence: CellEvidence,
  { points }: Travel,
): PacketBreak | null {
  const loss = lossOn(journey, points);
  if (loss === null) return null;
  const packet = packetOf(journey);
  return {
    at: sentAt(journey),
    connection: journey.connection,
    packet,
    what: "lost",
    thing,
    place: loss.stayed ? { kind: "node", node: loss.node } : { kind: "wire", from: loss.node, to: loss.next },
    ...byHelper(handOfLoss(evidence, loss, packet, journey.repeats), thing, loss, evidence),
  };
}

/** What the FTP helper looks at and may drop (nf_conntrack_ftp.c, `search`). */
const helperLine = /^(227|229|PORT|EPRT)/i;

/** A line of this kind that no rule ended, on a router whose helper follows the connection: the helper dropped it. */
function byHelper(known: KnownHand, { text }: BrokenThing, { node, stayed }: Loss, evidence: CellEvidence): KnownHand {
  // If it was not traced, a rule may have ended it as well.
  const isOpen = known.hand.kind === "conntrack" || known.hand.kind === "no-route";
  const router = evidence.routers.find((candidate) => candidate.router === node);
  const follows = router?.connections.some(({ helper }) => helper?.startsWith("ftp") === true) === true;
  if (!isOpen || !stayed || !follows || text === null || !helperLine.test(text)) return known;
  return {
    hand: { kind: "helper", node },
    proofs: [
      ...known.proofs,
      { witness: node, text: "its FTP helper follows this connection (conntrack), and no rule ended the line" },
    ],
  };
}

function handOfLoss(evidence: CellEvidence, loss: Loss, packet: PacketThere, repeats: number): KnownHand {
  const sent = repeats === 0 ? "once" : `${repeats + 1} times`;
  const what = `${packet.flags}${packet.length > 0 ? ` with ${packet.length} bytes` : ""} ${flowText(packet.flow)}, sent ${sent}`;
  const seen = proofOf(
    loss.node,
    `${what}: ${loss.stayed ? "came in and did not leave" : "left, and did not come to the next node"}`,
  );
  const known = loss.stayed ? handAt(evidence, loss.node, packet) : null;
  return known === null
    ? { hand: { kind: "unknown" }, proofs: [seen] }
    : { hand: known.hand, proofs: [seen, ...known.proofs] };
}

/** A packet that came to its host, whose own rules or routes kept it from the host's TCP. */
function stoppedAtHost(
  journey: Journey,
  own: readonly Journey[],
  evidence: CellEvidence,
  thing = thingOf(journey, own),
): PacketBreak | null {
  if (!hasArrived(journey)) return null;
  const { node } = lastSighting(journey).view.point.capture;
  const packet = packetOf(journey);
  const known = handAt(evidence, node, packet);
  if (known === null || known.hand.kind === "host") return null;
  const place: BreakPlace = { kind: "node", node };
  return { at: sentAt(journey), connection: journey.connection, packet, what: "lost", thing, place, ...known };
}

/** What a segment with data carries. */
function thingOf(journey: Journey, own: readonly Journey[]): BrokenThing {
  const { connection, way, sightings } = journey;
  const from = senderOf(connection, way);
  const text = sightings.at(-1)?.packet.text ?? null;
  const base = { connection: connection.kind, from, text };
  if (connection.kind === "data") return { ...base, kind: journey.length === 0 ? "end" : "bytes" };
  if (text === null) return { ...base, kind: "tls" };
  if (from === "client") return { ...base, kind: "command" };
  const isFirst = own.find(({ length }) => length > 0) === journey;
  return { ...base, kind: isFirst ? "greeting" : "reply" };
}

function lastSighting({ sightings }: Journey): Journey["sightings"][0] {
  return sightings.at(-1) ?? sightings[0];
}

/** A packet as it looked where it was seen last. */
function packetOf(journey: Journey): PacketThere {
  const { packet } = lastSighting(journey);
  return { flow: packet.flow, flags: packet.flags, length: packet.length };
}

function proofOf(witness: string, text: string): Proof {
  return { witness, text };
}
