/** What happened to a session's packets on their way: which of them never arrived, and who answered a SYN. */
import type { Connection } from "../../evidence/timeline/connections";
import { lostAt, type Journey } from "../../evidence/timeline/journeys";
import { isReset, isSyn, isSynAck } from "../../evidence/timeline/segment";
import type { VantagePoint } from "../../evidence/timeline/vantage";
import { hasArrived, senderOf, type Travel } from "../locate/travel";

/** A segment with data that its receiver's end never saw, however often it was sent. */
export type LostSegment = {
  readonly connection: "control" | "data";
  readonly from: "client" | "server";
  /** Bytes of payload. */
  readonly length: number;
  /** As it was when it was seen last; `null` if it is no clear text. */
  readonly text: string | null;
  /** Whether its text goes on in another segment: no line ends in it. */
  readonly isPart: boolean;
  readonly sent: number;
  /** The node that saw it last. */
  readonly lastNode: string;
  /** It came to that node and did not leave it; else it left, and did not come to the next. */
  readonly stayed: boolean;
  /** Bytes of the longest payload of the session that did arrive in this direction; 0 where none did. */
  readonly longestArrived: number;
  /** The node that answered it with a reset; `null` if none did. */
  readonly resetBy: string | null;
};

/** How far the control connection's first SYN and its answer came. */
export type ControlOpening = {
  /** Whether the SYN came to the server. */
  readonly arrived: boolean;
  /** `absent`: the server sent none. */
  readonly answer: "arrived" | "lost" | "absent";
  /** The node that saw the answer last. */
  readonly answerLastNode: string | null;
};

/** The session's packets, as far as causes ask. */
export type PacketView = {
  /** `null` if no SYN of a control connection was captured, or if that is unknown what happened to it. */
  readonly opening: ControlOpening | null;
  /** In the order in which they were sent first. */
  readonly lost: readonly LostSegment[];
};

/** What causes ask of a session's packets. */
export function viewPackets({ points, connections, journeys }: Travel): PacketView {
  const data = journeys.filter(({ length }) => length > 0);
  const lost = data.flatMap((journey) => {
    const node = lostAt(journey, points);
    return node === null ? [] : [{ at: journey.sightings[0].packet.at, segment: lostSegment(journey, node, journeys) }];
  });
  return {
    opening: openingOf(connections.find(({ kind }) => kind === "control") ?? null, journeys, points),
    lost: lost.toSorted((one, other) => one.at - other.at).map(({ segment }) => segment),
  };
}

function lostSegment(journey: Journey, lastNode: string, journeys: readonly Journey[]): LostSegment {
  const { connection, way, sightings, length, repeats } = journey;
  const { packet } = sightings.at(-1) ?? sightings[0];
  const from = senderOf(connection, way);
  const arrived = journeys.filter((other) => senderOf(other.connection, other.way) === from && hasArrived(other));
  const reset = journeys.find(
    (other) =>
      other.connection === connection && other.way !== way && other.sightings.some((one) => isReset(one.packet)),
  );
  return {
    connection: connection.kind,
    from,
    length,
    text: packet.text,
    // A line's end is not part of its text.
    isPart: packet.text !== null && Buffer.byteLength(packet.text) === packet.length,
    sent: repeats + 1,
    lastNode,
    stayed: packet.direction === "in",
    longestArrived: Math.max(0, ...arrived.map((other) => other.length)),
    resetBy: reset?.sightings[0].view.point.capture.node ?? null,
  };
}

function openingOf(
  control: Connection | null,
  journeys: readonly Journey[],
  points: readonly VantagePoint[],
): ControlOpening | null {
  const own = journeys.filter(({ connection }) => connection === control);
  const syn = own.find(({ sightings }) => isSyn(sightings[0].packet));
  // If no witness would have seen it next, it may have arrived.
  if (syn === undefined || (!hasArrived(syn) && lostAt(syn, points) === null)) return null;
  const answer = own.find(({ sightings }) => isSynAck(sightings[0].packet));
  return {
    arrived: hasArrived(syn),
    answer: answer === undefined ? "absent" : hasArrived(answer) ? "arrived" : "lost",
    answerLastNode: answer?.sightings.at(-1)?.view.point.capture.node ?? null,
  };
}
