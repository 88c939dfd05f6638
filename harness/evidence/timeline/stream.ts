/** One direction of a connection at one vantage point, in positions that mean the same at every other. */
import type { SeenPacket } from "../../model/evidence";
import { wayOf, type Connection, type View, type Way } from "./connections";
import { distance, isFin } from "./segment";
import { Pieces, type Piece, type Range } from "./byte-ranges";

/** A segment with data or FIN, which takes a position of its own (RFC 9293 section 3.4). */
export type StreamSegment = Range & { readonly packet: SeenPacket };

export type Stream = {
  readonly view: View;
  readonly segments: readonly StreamSegment[];
  /** What of the stream was seen, with the segment that carried it first. */
  readonly pieces: Pieces<StreamSegment>;
  /** Segments that brought nothing new. */
  readonly repeated: readonly StreamSegment[];
};

/** From a position in a stream as it looks here on, this many bytes more have gone by than at the sender. */
type Shift = { readonly from: number; readonly by: number };

/** Lines whose length the FTP helper may change (nf_nat_ftp). */
const rewritable = /^(227|229|PORT|EPRT)\b/i;
/** Texts are cut there, so that the length of a longer line is not known. */
const longestText = 200;

/**
 * The streams of one direction at all vantage points, in the order of the way. Where a router has made a line longer or
 * shorter, all later positions are moved back to what they are at the sender (the kernel's seqadj moved them).
 */
export function streamsOf(connection: Connection, way: Way): readonly Stream[] {
  const views = way === "forth" ? connection.views : connection.views.toReversed();
  const initial = connection.initial[way] ?? lowest(views, way);
  const original = new Map<number, string | null>();
  return views.map((view) => {
    const segments = aligned(segmentsOf(view, way, initial), original);
    for (const { start, packet } of segments) if (!original.has(start)) original.set(start, packet.text);
    return streamOf(view, segments);
  });
}

/** Bytes of payload that went by at a vantage point, each counted once. */
export function payloadLength({ pieces }: Stream): number {
  return pieces.all().reduce((sum, piece) => sum + piece.end - piece.start - finLength(piece), 0);
}

/** 1 where a piece ends with the position that FIN takes. */
export function finLength({ end, carrier }: Piece<StreamSegment>): 0 | 1 {
  return isFin(carrier.packet) && end === carrier.end ? 1 : 0;
}

function segmentsOf(view: View, way: Way, initial: number): readonly StreamSegment[] {
  return view.packets.flatMap((packet) => {
    if (packet.icmp !== null || wayOf(view, packet) !== way) return [];
    const taken = packet.length + (isFin(packet) ? 1 : 0);
    const start = distance(initial, packet.sequence);
    // A reset repeats or makes up its number; a SYN has its own entry.
    const isData = taken > 0 && start > 0 && !/\b(RST|SYN)\b/.test(packet.flags);
    return isData ? [{ start, end: start + taken, packet }] : [];
  });
}

/** Listening began later than the connection: the first number seen stands for the start. */
function lowest(views: readonly View[], way: Way): number {
  const packets = views.flatMap((view) =>
    view.packets.filter((packet) => packet.icmp === null && packet.length > 0 && wayOf(view, packet) === way),
  );
  const [first] = packets;
  if (first === undefined) return 0;
  const offset = packets.reduce((least, { sequence }) => Math.min(least, distance(first.sequence, sequence)), 0);
  return (first.sequence + offset - 1) >>> 0;
}

/**
 * Finds the lines that were changed on the way here, and undoes what that did to positions.
 *
 * @param original position → text, as the vantage point nearest to the sender saw it
 */
function aligned(
  segments: readonly StreamSegment[],
  original: ReadonlyMap<number, string | null>,
): readonly StreamSegment[] {
  const shifts: Shift[] = [];
  const position = (raw: number): number => raw - (shifts.findLast(({ from }) => from <= raw)?.by ?? 0);
  const found = segments.map(({ start: raw, end, packet }) => {
    const start = position(raw);
    const change = changeOf(original.get(start) ?? null, packet.text);
    const last = shifts.at(-1);
    if (change !== 0 && (last?.from ?? 0) < end) shifts.push({ from: end, by: (last?.by ?? 0) + change });
    return { start, end: position(end), packet };
  });
  return found.filter(({ start, end }) => end > start);
}

/** Bytes by which a line grew. */
function changeOf(sent: string | null, seen: string | null): number {
  if (sent === null || seen === null || sent === seen) return 0;
  if (!rewritable.test(sent) || !rewritable.test(seen)) return 0;
  return sent.length >= longestText || seen.length >= longestText ? 0 : seen.length - sent.length;
}

function streamOf(view: View, segments: readonly StreamSegment[]): Stream {
  const pieces = new Pieces<StreamSegment>();
  const repeated = segments.filter((segment) => pieces.add(segment, segment).length > 0);
  return { view, segments, pieces, repeated };
}
