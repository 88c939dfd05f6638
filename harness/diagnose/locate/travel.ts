/** A session's packets on their way, worked out once for everything that asks what happened to them. */
import type { CellEvidence } from "../../model/evidence";
import { connectionsOf, type Connection, type Way } from "../../evidence/timeline/connections";
import { isFin, isReset } from "../../evidence/timeline/segment";
import { journeysOf, lostAt, type Journey } from "../../evidence/timeline/journeys";
import { vantagePointsOf, type VantagePoint } from "../../evidence/timeline/vantage";

/** Who sends a packet or ends its way. */
export type End = "client" | "server";

export type Travel = {
  readonly points: readonly VantagePoint[];
  /** In the order in which they began. */
  readonly connections: readonly Connection[];
  /** In the order in which they were sent first. */
  readonly journeys: readonly Journey[];
};

/** Reads the captures of a session; `null` if there are none. */
export function travelOf(evidence: CellEvidence): Travel | null {
  if (evidence.captures.every(({ packets }) => packets.length === 0)) return null;
  const connections = connectionsOf(evidence);
  const journeys = connections
    .flatMap(journeysOf)
    .toSorted((one, other) => one.sightings[0].packet.at - other.sightings[0].packet.at);
  return { points: vantagePointsOf(evidence), connections, journeys };
}

export function senderOf({ opener }: Connection, way: Way): End {
  if (way === "forth") return opener;
  return opener === "client" ? "server" : "client";
}

export function otherEnd(end: End): End {
  return end === "client" ? "server" : "client";
}

/** Whether a packet came to the host at the end of its way: the interface of that host, not yet its TCP. */
export function hasArrived({ connection, way, sightings }: Journey): boolean {
  const receiver = otherEnd(senderOf(connection, way));
  return sightings.some(({ view, packet }) => view.point.kind === receiver && packet.direction === "in");
}

/** Where a packet was seen last and did not arrive; `null` if it arrived, or if that is unknown. */
export type Loss = {
  readonly node: string;
  /** It came to that node and did not leave it; else it left, and did not come to the next. */
  readonly stayed: boolean;
  /** The node at the other end of the wire, where it left. */
  readonly next: string | null;
};

export function lossOn(journey: Journey, points: readonly VantagePoint[]): Loss | null {
  if (hasArrived(journey)) return null;
  const node = lostAt(journey, points);
  const last = journey.sightings.at(-1);
  if (node === null || last === undefined) return null;
  const { link } = last.view.point.capture;
  const next = points.find(({ capture }) => capture.link === link && capture.node !== node)?.capture.node ?? null;
  return { node, stayed: last.packet.direction === "in", next };
}

/** What an opener sends once it has heard the answer to its SYN: the handshake's last acknowledgement, or data. */
export function goesOn({ way, length, sightings: [{ packet }] }: Journey): boolean {
  return way === "forth" && (length > 0 || packet.flags === "ACK");
}

/**
 * What ended a connection, in the order of time: its FINs and resets. A reset that came before the opener had finished the handshake, and
 * did not keep it from doing so, ended one try of it (RFC 9293 section 3.10.7.4: a SYN that is sent again begins anew).
 */
export function endsOf(own: readonly Journey[]): readonly Journey[] {
  const completed = own.find(goesOn);
  const since = completed === undefined ? -Infinity : sentAt(completed);
  return own.filter((journey) => {
    const { packet } = journey.sightings[0];
    if (packet.icmp !== null) return false;
    return isFin(packet) || (isReset(packet) && sentAt(journey) >= since);
  });
}

/** Whether an end sent it itself: its own interface saw it go out. A reset in its name may be a router's (REJECT, RFC 9293 section 3.5.2). */
export function isOwnWord({ connection, way, sightings: [{ view }] }: Journey): boolean {
  const sender = senderOf(connection, way);
  return view.point.kind === sender || !connection.views.some(({ point }) => point.kind === sender);
}

/** When a packet was seen first, in seconds since the epoch. */
export function sentAt({ sightings: [first] }: Journey): number {
  return first.packet.at;
}
