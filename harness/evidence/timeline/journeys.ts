/** Packets on their way: what is one packet at several vantage points. */
import type { SeenPacket } from "../../model/evidence";
import { wayOf, type Connection, type View, type Way } from "./connections";
import { Pieces } from "./byte-ranges";
import { distance, isReset, isSyn, isSynAck } from "./segment";
import { finLength, streamsOf, type Stream } from "./stream";
import type { VantagePoint } from "./vantage";

/** A packet at one vantage point. */
export type Sighting = { readonly view: View; readonly packet: SeenPacket };

/** One packet, or what of it was new, at every vantage point that saw it. */
export type Journey = {
  readonly connection: Connection;
  readonly way: Way;
  /** In the order of the way, each the first there; never empty. */
  readonly sightings: readonly [Sighting, ...Sighting[]];
  /** Bytes of payload that it carried for the first time. */
  readonly length: number;
  /** Times that it, or a part of it, was sent anew. */
  readonly repeats: number;
};

type OpenJourney = { readonly key: string; readonly sightings: Sighting[]; repeats: number };

/** All packets of a connection but acknowledgements without data, of which only the handshake's is told. */
export function journeysOf(connection: Connection): readonly Journey[] {
  const journeys = (["forth", "back"] as const).flatMap((way) => {
    const views = way === "forth" ? connection.views : connection.views.toReversed();
    return [...signalJourneys(connection, way, views), ...dataJourneys(connection, way)];
  });
  return journeys.sort((one, other) => one.sightings[0].packet.at - other.sightings[0].packet.at);
}

/** SYN, RST, ICMP and the handshake's last acknowledgement: known by what they are. */
function signalJourneys(connection: Connection, way: Way, views: readonly View[]): readonly Journey[] {
  const open: OpenJourney[] = [];
  for (const view of views) {
    const seen = new Set<OpenJourney>();
    for (const packet of view.packets) {
      if (wayOf(view, packet) !== way) continue;
      const key = signalKey(connection, way, packet);
      if (key === null) continue;
      const known = open.find((journey) => journey.key === key);
      if (known === undefined) {
        const journey = { key, sightings: [{ view, packet }], repeats: 0 };
        open.push(journey);
        seen.add(journey);
      } else if (!seen.has(known)) {
        known.sightings.push({ view, packet });
        seen.add(known);
      } else if (known.sightings[0]?.view === view && key !== handshakeKey) {
        known.repeats += 1;
      }
    }
  }
  return open.flatMap(({ sightings, repeats }) => {
    const [first, ...others] = sightings;
    return first === undefined ? [] : [{ connection, way, sightings: [first, ...others], length: 0, repeats }];
  });
}

const handshakeKey = "ACK";

/** What sets such a packet apart within its direction; `null` for any other. */
function signalKey({ initial }: Connection, way: Way, packet: SeenPacket): string | null {
  if (packet.icmp !== null) return `icmp ${packet.icmp.what}`;
  if (isSyn(packet) || isSynAck(packet) || isReset(packet)) return packet.flags;
  const [own, other] = way === "forth" ? [initial.forth, initial.back] : [initial.back, initial.forth];
  const completes =
    way === "forth" &&
    packet.flags === "ACK" &&
    packet.length === 0 &&
    own !== null &&
    other !== null &&
    distance(own, packet.sequence) === 1 &&
    distance(other, packet.acknowledgement) === 1;
  return completes ? handshakeKey : null;
}

/** Data and FIN: known by their place in the stream. */
function dataJourneys(connection: Connection, way: Way): readonly Journey[] {
  const streams = streamsOf(connection, way);
  const told = new Pieces<null>();
  return streams.flatMap((stream, index) => {
    const repeats = repeatsOf(stream);
    const isNew = stream.pieces.all().filter((piece) => told.overlapping(piece).length === 0);
    for (const piece of stream.pieces.all()) told.add(piece, null);
    return isNew.map((piece): Journey => {
      const { start, end, carrier } = piece;
      const later = streams.slice(index + 1).flatMap(({ view, pieces }): Sighting[] => {
        const seen = pieces.overlapping(piece).map((other) => other.carrier.packet);
        const [first] = seen.sort((one, other) => one.at - other.at);
        return first === undefined ? [] : [{ view, packet: first }];
      });
      return {
        connection,
        way,
        sightings: [{ view: stream.view, packet: carrier.packet }, ...later],
        length: end - start - finLength(piece),
        repeats: repeats.get(start) ?? 0,
      };
    });
  });
}

/** Start of a piece → how often it was sent again. */
function repeatsOf({ pieces, repeated }: Stream): ReadonlyMap<number, number> {
  const repeats = new Map<number, number>();
  for (const segment of repeated) {
    for (const { start, carrier } of pieces.overlapping(segment)) {
      if (carrier !== segment) repeats.set(start, (repeats.get(start) ?? 0) + 1);
    }
  }
  return repeats;
}

/**
 * The last node that saw a packet which did not arrive; `null` when it did, or when the vantage point that would have seen
 * it next is not there or was cut.
 */
export function lostAt({ sightings }: Journey, points: readonly VantagePoint[]): string | null {
  const last = sightings.at(-1);
  if (last === undefined) return null;
  const { point } = last.view;
  const { node, link } = point.capture;
  const isOut = last.packet.direction === "out";
  if (!isOut && point.kind !== "router") return null;
  const next = points.filter(({ capture }) =>
    isOut ? capture.link === link && capture.node !== node : capture.node === node,
  );
  const isWhole = next.every(({ capture }) => capture.cut === null) && next.length >= (isOut ? 1 : 2);
  return isWhole ? node : null;
}
