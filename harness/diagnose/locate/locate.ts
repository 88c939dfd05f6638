/** Where a session broke first: the first thing that had to travel and did not, or that an end refused. */
import type { FirstBreak } from "../../model/first-break";
import type { CellEvidence } from "../../model/evidence";
import type { Stage } from "../../model/axes";
import type { Connection } from "../../evidence/timeline/connections";
import { lanesOf } from "../../evidence/timeline/vantage";
import { unaimedAtData } from "../explains";
import { acknowledgementBreak } from "./acknowledgement-break";
import { alteredLines } from "./altered-lines";
import { breaksOn, type PacketBreak } from "./connection-breaks";
import type { FoundBreak } from "./hand";
import { leftOut } from "./left-out";
import { neverSent } from "./never-sent";
import { refusalBreak, refusedCccBreak, type Session } from "./refusal";
import { sentenceOf } from "./sentence";
import { serverSilence } from "./server-silence";
import { traceBreak } from "./trace-break";
import { endsOf, isOwnWord, senderOf, sentAt, type Travel } from "./travel";

export type { Session } from "./refusal";

/** * The first break of a failed session: from packets if there are any, else from what the server refused; `null` if neither shows it. */
export function firstBreakOf(evidence: CellEvidence, travel: Travel | null, session: Session): FirstBreak | null {
  const onTheWay = travel === null ? [] : packetBreaks(evidence, travel);
  const refusedAt = travel === null ? null : refusalOfDataCommand(travel, session);
  const lost = relevant(
    onTheWay.filter(({ at, thing }) => refusedAt === null || thing.connection === "control" || at < refusedAt),
    session,
  );
  const refusedCcc = lost === null || unaimedAtData(lost) ? refusedCccBreak(session) : null;
  const found: FoundBreak | null =
    refusedCcc ??
    lost ??
    neverSent(evidence, travel, session) ??
    (travel === null ? traceBreak(evidence, session) : null) ??
    (travel === null ? null : acknowledgementBreak(evidence, travel)) ??
    refusalBreak(session) ??
    (travel === null ? null : leftOut(evidence, travel, session)) ??
    (travel === null ? null : serverSilence(evidence, travel, session));
  if (found === null) return null;
  const { what, thing, place, hand, how, proofs, packet } = found;
  const side = sideOf(found, evidence);
  const ending = how === undefined ? {} : { how };
  const bare = { what, thing, ...ending, place, hand, side, packet: packet?.flow ?? null, proofs };
  const after = refusedCcc === null || lost === null ? "" : ` The client went on: ${wentOn(lost, evidence)}`;
  return { ...bare, sentence: `${sentenceOf(bare)}${after}` };
}

/** What happened to a session whose CCC was refused, in a sentence that follows another. */
function wentOn(lost: PacketBreak, evidence: CellEvidence): string {
  const { what, thing, place, hand, proofs, packet } = lost;
  const words = sentenceOf({ what, thing, place, hand, side: sideOf(lost, evidence), packet: packet.flow, proofs });
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

/** Seconds since the epoch at which the server refused to arrange the data connection: what was dialled after that explains nothing. */
function refusalOfDataCommand({ journeys }: Travel, { stage, replyCode }: Session): number | null {
  if (stage !== "data-command" || replyCode === null || replyCode < 400) return null;
  const reply = journeys.find(
    ({ connection, sightings: [{ packet }] }) =>
      connection.kind === "control" && packet.text?.startsWith(`${replyCode} `) === true,
  );
  return reply === undefined ? null : sentAt(reply);
}

/** The kind of the node at which it happened; on a wire, of the node that the packet had left. */
function sideOf({ place, hand }: FoundBreak, evidence: CellEvidence): FirstBreak["side"] {
  if (hand.kind === "server" || hand.kind === "client") return hand.kind;
  const node = "node" in hand ? hand.node : place?.kind === "node" ? place.node : (place?.from ?? null);
  return lanesOf(evidence).find((lane) => lane.node === node)?.kind ?? null;
}

/** Every break on the wires, in the order of time. */
function packetBreaks(evidence: CellEvidence, travel: Travel): readonly PacketBreak[] {
  const until = Math.min(...travel.connections.flatMap((connection) => givenUpAt(connection, travel)));
  const breaks = [
    ...travel.connections.flatMap((connection) => breaksOn(connection, evidence, travel, until)),
    ...alteredLines(travel, evidence, until),
  ];
  return breaks.toSorted((one, other) => one.at - other.at);
}

/** When the client ended its last control connection: what is lost after that explains nothing. */
function givenUpAt(connection: Connection, { connections, journeys }: Travel): readonly number[] {
  const last = connections.findLast(({ kind }) => kind === "control");
  if (connection !== last) return [];
  const own = journeys.filter((journey) => journey.connection === connection);
  const signs = [...endsOf(own), ...own.filter(({ sightings: [{ packet }] }) => /^QUIT\b/i.test(packet.text ?? ""))];
  const ends = signs.filter((journey) => senderOf(connection, journey.way) === "client" && isOwnWord(journey));
  return ends.map(sentAt);
}

/** Stages in which a data connection is what the session waits for. */
const dataStages: ReadonlySet<Stage | null> = new Set<Stage | null>([
  "data-connect",
  "data-tls",
  "transfer",
  "completion",
  "integrity",
]);

/** The first break that the session can have failed from. */
function relevant(breaks: readonly PacketBreak[], { stage, dialogue }: Session): PacketBreak | null {
  // A client that has heard the server has a control connection, whatever happened to another try.
  const wasHeard = dialogue.greeting.length > 0 || dialogue.exchanges.some(({ reply }) => reply !== "");
  const found = breaks.find(({ thing }) => {
    const isOpening = thing.kind === "syn" || thing.kind === "syn-ack";
    if (thing.connection === "control") return !isOpening || !wasHeard || stage === "control-connect";
    return dataStages.has(stage) || stage === "data-command" || stage === null;
  });
  return found ?? null;
}
