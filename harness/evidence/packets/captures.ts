import type { Capture, FlowTuple, SeenPacket } from "../../model/evidence";
import { decodeFrame } from "./frame";
import { parsePcap, type CapturedFrame } from "./pcap";
import { clientRandomOf } from "./tls-client-random";
import { isSameFlow, pairKey } from "../timeline/flow";

/** An interface by the kernel's index; `name` where that is not its link's id. */
export type CapturedInterface = {
  readonly index: number;
  readonly link: string;
  readonly name?: string;
  readonly ends: readonly string[];
};

/** What one node's interfaces carried while a batch of sessions ran. */
export type NodeCapture = {
  readonly node: string;
  /** A pcap file of `tcpdump -i any`. */
  readonly pcap: Uint8Array;
  /** The node's interfaces by the kernel's index, in the order client to server. */
  readonly interfaces: readonly CapturedInterface[];
  /** Why packets may be missing; else `null`. */
  readonly cut: string | null;
};

/** A frame as it was captured, and what it says. */
export type Seen = {
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
  /** The interface's name, where it is not the link's id. */
  readonly interface?: string;
  /** The nodes at both ends of the link. */
  readonly ends: readonly string[];
  readonly linkType: number;
  readonly cut: string | null;
  /** By their text for both directions; see `pairKey`. */
  readonly byKey: ReadonlyMap<string, CapturedConnection>;
  /** By either end's address, and by the port that the first packet went to. */
  readonly byAddress: ReadonlyMap<string, readonly CapturedConnection[]>;
  readonly byPort: ReadonlyMap<number, readonly CapturedConnection[]>;
};

/** A connection at a vantage point. */
type CapturedConnection = { readonly seen: readonly Seen[] };

/** What distinguishes a session's connections from those of others. */
export type Belonging = {
  /** No other session had them: they belong to the session wherever they are seen, be it past a router that should have hidden them. */
  readonly addresses: readonly string[];
  /** Announced for active mode. */
  readonly ports: ReadonlySet<number>;
  /** Connections that a neighbouring router's table knows as the session's; see `pairKey`. */
  readonly keys: readonly ReadonlySet<string>[];
};

/** One session's packets at a vantage point: as values, and as frames to be written down. */
export type SessionCapture = {
  readonly capture: Capture;
  readonly linkType: number;
  readonly seen: readonly Seen[];
};

/** A session's part of one vantage point's capture is cut there: some 60 packets are usual. */
const mostPackets = 5_000;

/** Sorts the frames of capture files by interface and connection. */
export function readCaptures(captures: readonly NodeCapture[]): readonly VantagePoint[] {
  return captures.flatMap(({ node, pcap, interfaces, cut }) => {
    // A plain view: frames are views of it, and those of a Buffer are Buffers, which are dearer to make.
    const { packets, linkType, problem } = parsePcap(new Uint8Array(pcap.buffer, pcap.byteOffset, pcap.byteLength));
    const byInterface = new Map(interfaces.map(({ index }) => [index, new Map<string, Seen[]>()]));
    for (const [order, frame] of packets.entries()) {
      const decoded = decodeFrame(linkType, frame.frame);
      if (decoded === null) continue;
      const { interfaceIndex, direction } = decoded;
      // Loopback is no link of the topology.
      const connections = interfaceIndex === null ? undefined : byInterface.get(interfaceIndex);
      if (connections === undefined || direction === null) continue;
      const key = pairKey(decoded.packet.flow);
      const others = connections.get(key);
      const flow = sharedFlow(decoded.packet.flow, others);
      const { flags, sequence, acknowledgement, length, text, icmp } = decoded.packet;
      // Named one by one: hundreds of thousands of them are made in a run, and a spread is dearer.
      const packet = { at: frame.at, direction, flow, flags, sequence, acknowledgement, length, text, icmp };
      const seen = { order, frame, packet, clientRandom: clientRandomOf(decoded.payload) };
      if (others === undefined) connections.set(key, [seen]);
      else others.push(seen);
    }
    return interfaces.map(({ index, link, name, ends }): VantagePoint => {
      const groups = byInterface.get(index) ?? new Map<string, Seen[]>();
      const own = name === undefined ? {} : { interface: name };
      return { node, link, ...own, ends, linkType, cut: cut ?? problem, ...indexed(groups) };
    });
  });
}

function indexed(groups: ReadonlyMap<string, readonly Seen[]>): Pick<VantagePoint, "byKey" | "byAddress" | "byPort"> {
  const byKey = new Map<string, CapturedConnection>();
  const byAddress = new Map<string, CapturedConnection[]>();
  const byPort = new Map<number, CapturedConnection[]>();
  for (const [key, seen] of groups) {
    const flow = seen[0]?.packet.flow;
    if (flow === undefined) continue;
    const connection = { seen };
    byKey.set(key, connection);
    for (const address of new Set([flow.source, flow.destination])) append(byAddress, address, connection);
    append(byPort, flow.destinationPort, connection);
  }
  return { byKey, byAddress, byPort };
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** The same flow as an earlier packet's, where it is the same: a connection has two of them and not one a packet. */
function sharedFlow(flow: FlowTuple, others: readonly Seen[] = []): FlowTuple {
  const known = others.slice(-4).find(({ packet }) => isSameFlow(packet.flow, flow));
  return known?.packet.flow ?? flow;
}

/** What of a vantage point's capture belongs to a session. */
export function captureOf(point: VantagePoint, { addresses, ports, keys }: Belonging): SessionCapture {
  const { node, link, interface: own, linkType } = point;
  const connections = new Set([
    ...addresses.flatMap((address) => point.byAddress.get(address) ?? []),
    ...[...ports].flatMap((port) => point.byPort.get(port) ?? []),
    ...keys.flatMap((known) => [...known].flatMap((key) => point.byKey.get(key) ?? [])),
  ]);
  const mine = [...connections].flatMap(({ seen }) => seen).sort((one, other) => one.order - other.order);
  const kept = mine.slice(0, mostPackets);
  const cut =
    mine.length > kept.length ? `only the first ${mostPackets} of ${mine.length} packets are kept` : point.cut;
  return {
    capture: {
      node,
      link,
      ...(own === undefined ? {} : { interface: own }),
      packets: kept.map(({ packet }) => packet),
      cut,
    },
    linkType,
    seen: kept,
  };
}
