import type { Capture, FlowTuple, SeenPacket } from "../model/evidence";
import { decodeFrame } from "../parse/frame";
import { parsePcap, type CapturedFrame } from "../parse/pcap";
import { clientRandomOf } from "../parse/tls-client-random";

/** What one node's interfaces carried while a batch of sessions ran. */
export type NodeCapture = {
  readonly node: string;
  /** A pcap file of `tcpdump -i any`. */
  readonly pcap: Uint8Array;
  /** The node's interfaces by the kernel's index, in the order client to server. */
  readonly interfaces: readonly { readonly index: number; readonly link: string; readonly ends: readonly string[] }[];
  /** Why packets may be missing; else `null`. */
  readonly cut: string | null;
};

/** A frame as it was captured, and what it says. */
type Seen = {
  /** Place in the capture file: what the kernel stamped at the same time keeps its order. */
  readonly order: number;
  readonly frame: CapturedFrame;
  readonly packet: SeenPacket;
  /** Of the TLS handshake that it begins. */
  readonly clientRandom: string | null;
};

/** What a vantage point saw of all sessions together, connection by connection. */
export type VantagePoint = {
  readonly node: string;
  readonly link: string;
  /** The nodes at both ends of the link. */
  readonly ends: readonly string[];
  readonly linkType: number;
  readonly cut: string | null;
  readonly connections: readonly CapturedConnection[];
};

/** A connection at a vantage point, as its first packet named it. */
export type CapturedConnection = {
  readonly flow: FlowTuple;
  /** See `connectionKey`. */
  readonly key: string;
  readonly seen: readonly Seen[];
};

/** One session's packets at a vantage point: as values, and as frames to be written down. */
export type SessionCapture = {
  readonly capture: Capture;
  readonly linkType: number;
  readonly frames: readonly (CapturedFrame & { readonly direction: "in" | "out" })[];
  /** Of the TLS sessions begun in it, in hex. */
  readonly clientRandoms: readonly string[];
};

/** A session's part of one vantage point's capture is cut there: some 60 packets are usual. */
const mostPackets = 5_000;

/** Sorts the frames of capture files by interface and connection. */
export function readCaptures(captures: readonly NodeCapture[]): readonly VantagePoint[] {
  return captures.flatMap(({ node, pcap, interfaces, cut }) => {
    const { packets, linkType, problem } = parsePcap(pcap);
    const byInterface = new Map(interfaces.map(({ index }) => [index, new Map<string, Seen[]>()]));
    for (const [order, frame] of packets.entries()) {
      const decoded = decodeFrame(linkType, frame.frame);
      if (decoded === null) continue;
      const { interfaceIndex, direction } = decoded;
      // Loopback is no link of the topology.
      const connections = interfaceIndex === null ? undefined : byInterface.get(interfaceIndex);
      if (connections === undefined || direction === null) continue;
      const packet = { at: frame.at, direction, ...decoded.packet };
      const seen = { order, frame, packet, clientRandom: clientRandomOf(decoded.payload) };
      const key = connectionKey(packet.flow);
      const others = connections.get(key);
      if (others === undefined) connections.set(key, [seen]);
      else others.push(seen);
    }
    return interfaces.map(({ index, link, ends }): VantagePoint => {
      const groups = [...(byInterface.get(index) ?? [])];
      const connections = groups.flatMap(([key, seen]) =>
        seen[0] === undefined ? [] : [{ flow: seen[0].packet.flow, key, seen }],
      );
      return { node, link, ends, linkType, cut: cut ?? problem, connections };
    });
  });
}

/** What of a vantage point's capture belongs to a session: the connections of which the given function says so. */
export function captureOf(point: VantagePoint, isMine: (connection: CapturedConnection) => boolean): SessionCapture {
  const { node, link, linkType } = point;
  const mine = point.connections
    .filter(isMine)
    .flatMap(({ seen }) => seen)
    .sort((one, other) => one.order - other.order);
  const kept = mine.slice(0, mostPackets);
  const cut =
    mine.length > kept.length
      ? `only the first ${String(mostPackets)} of ${String(mine.length)} packets are kept`
      : point.cut;
  return {
    capture: { node, link, packets: kept.map(({ packet }) => packet), cut },
    linkType,
    frames: kept.map(({ frame, packet }) => ({ ...frame, direction: packet.direction })),
    clientRandoms: kept.flatMap(({ clientRandom }) => clientRandom ?? []),
  };
}

/** The same for both directions of a connection. */
export function connectionKey({ source, sourcePort, destination, destinationPort }: FlowTuple): string {
  const one = `${source} ${String(sourcePort)}`;
  const other = `${destination} ${String(destinationPort)}`;
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
