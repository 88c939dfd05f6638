/** What the captures show of the connections of the session that failed: who sent what when, and who ended them. */
import { isMissing } from "../../model/gaps";
import type { CellEvidence, SeenPacket } from "../../model/evidence";
import { controlSessions } from "../../ftp/dialogue";
import { isSameOrTranslated } from "../../ftp/endpoint";
import { failedSessionOf } from "../../ftp/stage";
import { wayOf, type Connection, type View } from "../../evidence/timeline/connections";
import type { Journey } from "../../evidence/timeline/journeys";
import { isFin, isReset, isSyn, isSynAck } from "../../evidence/timeline/segment";
import { hasArrived, senderOf, type Travel } from "../locate/travel";

export type Host = "client" | "server";

/** A segment with data that was sent for the first time. */
export type WireSegment = {
  readonly from: Host;
  /** Seconds since the epoch, where it was seen first, and where its receiver's interface saw it; `null`: never. */
  readonly at: number;
  readonly arrivedAt: number | null;
  readonly length: number;
  /** Its first line where it is clear text. */
  readonly text: string | null;
};

/** Who ended a connection first, and how; `network`: a reset that neither host sent. */
export type WireEnd = { readonly by: Host | "network"; readonly how: "FIN" | "RST"; readonly at: number };

export type ConnectionWire = {
  /** Seconds since the epoch at which the SYN,ACK came to who opened it; `null`: it never did. */
  readonly openedAt: number | null;
  readonly segments: readonly WireSegment[];
  readonly end: WireEnd | null;
};

export type WireView = {
  /** Whether all that client and server sent came to the other end as it was sent, and both were listened to without a gap. */
  readonly everythingArrived: boolean;
  /** The control connection that failed. */
  readonly control: ConnectionWire | null;
  /** The data connection that it failed with: the last one. */
  readonly data: ConnectionWire | null;
  /** Seconds since the epoch at which the client's attempt was over. */
  readonly attemptEndAt: number;
};

/** Reads them from a failed session's captures; `null` if client and server were not both listened to. */
export function viewWire(evidence: CellEvidence, { points, connections, journeys }: Travel): WireView | null {
  const heard = (["client", "server"] as const).every((kind) =>
    points.some((point) => point.kind === kind && point.capture.packets.length > 0),
  );
  if (!heard) return null;
  const isWhole = points.every(({ capture }) => capture.cut === null) && !isMissing(evidence.missing, "packets");
  const { attempt } = evidence;
  const controls = connections.filter(({ kind }) => kind === "control");
  const control = controls[placeOfFailed(evidence, controls.length)] ?? null;
  const next = control === null ? null : (controls[controls.indexOf(control) + 1] ?? null);
  const [from, until] = [control === null ? 0 : startOf(control), startOf(next)];
  const data = connections
    .filter((connection) => connection.kind === "data")
    .findLast((connection) => startOf(connection) >= from && startOf(connection) < until);
  return {
    everythingArrived: isWhole && journeys.every(cameAsSent),
    control: control === null ? null : wireOf(control, journeys),
    data: data === undefined ? null : wireOf(data, journeys),
    attemptEndAt: attempt.startedAt + attempt.durationMs / 1000,
  };
}

/** Which of the control connections the failed session is: by its place where the client shows as many, else the last one. */
function placeOfFailed({ attempt, cell }: CellEvidence, count: number): number {
  const shown = controlSessions(attempt.transcript);
  const [first] = failedSessionOf(attempt.transcript, cell);
  const place = shown.findIndex((session) => first !== undefined && session.includes(first));
  return shown.length === count && place >= 0 ? place : count - 1;
}

function startOf(connection: Connection | null): number {
  return Math.min(
    ...(connection?.views ?? []).flatMap(({ packets: [first] }) => (first === undefined ? [] : [first.at])),
  );
}

/** Sent by the host at its beginning, seen by the other at its end, and the same line there, but for an address that a helper rewrites. */
function cameAsSent(journey: Journey): boolean {
  const { connection, way, sightings } = journey;
  const [{ view, packet }] = sightings;
  const isFromHost = view.point.kind === senderOf(connection, way) && packet.direction === "out";
  if (!isFromHost || packet.icmp !== null || !hasArrived(journey)) return false;
  const last = sightings.at(-1)?.packet.text ?? null;
  return packet.text === last || (packet.text !== null && last !== null && isSameOrTranslated(packet.text, last));
}

function wireOf(connection: Connection, journeys: readonly Journey[]): ConnectionWire {
  const own = journeys.filter((journey) => journey.connection === connection);
  const granted = own.find(({ sightings }) => isSynAck(sightings[0].packet));
  return {
    openedAt: granted !== undefined && hasArrived(granted) ? (granted.sightings.at(-1)?.packet.at ?? null) : null,
    segments: own.flatMap((journey): WireSegment[] => {
      const { way, sightings, length } = journey;
      const [{ packet }] = sightings;
      if (length === 0 || isSyn(packet)) return [];
      const arrivedAt = hasArrived(journey) ? (sightings.at(-1)?.packet.at ?? null) : null;
      return [{ from: senderOf(connection, way), at: packet.at, arrivedAt, length, text: packet.text }];
    }),
    end: endOf(connection),
  };
}

function endOf(connection: Connection): WireEnd | null {
  const ends = connection.views.flatMap((view) =>
    view.packets.flatMap((packet): WireEnd[] => {
      const by = enderOf(connection, view, packet);
      return by === null ? [] : [{ by, how: isReset(packet) ? "RST" : "FIN", at: packet.at }];
    }),
  );
  return ends.toSorted((one, other) => one.at - other.at)[0] ?? null;
}

/** Who sent a packet that ends a connection, as a host's own interface shows it; `null` of every other packet or place. */
function enderOf(connection: Connection, view: View, packet: SeenPacket): WireEnd["by"] | null {
  const { kind } = view.point;
  if (packet.icmp !== null || kind === "router" || !(isFin(packet) || isReset(packet))) return null;
  if (packet.direction === "out") return kind;
  const from = senderOf(connection, wayOf(view, packet));
  const isSent = connection.views.some(
    (other) =>
      other.point.kind === from &&
      other.packets.some((sent) => sent.direction === "out" && isReset(sent) === isReset(packet)),
  );
  return isSent || !isReset(packet) ? null : "network";
}

/** Bytes that a host sent. */
export function sentBy({ segments }: ConnectionWire, host: Host): number {
  return segments.reduce((sum, { from, length }) => sum + (from === host ? length : 0), 0);
}
