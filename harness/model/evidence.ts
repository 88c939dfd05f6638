/**
 * What the vantage points of a lab saw of one cell, as values: the input of the diagnosis, and what is recorded on disk.
 * What a collector could not tell is a gap in `missing`; a gap never decides a verdict by itself.
 */
import type { FlowTuple } from "./flow";
import type { SoftwareId } from "./ids";
import type { Attempt, Cell } from "./cell";

export type { FlowTuple };

/** One rule or policy that a traced packet met, with the packet's addresses as they were there. */
export type TraceStep = {
  readonly table: string;
  readonly chain: string;
  /** The rule in `iptables -A` words without the command's name, or `null` for the chain's policy. */
  readonly rule: string | null;
  /** `ACCEPT`, `DROP`, `CONTINUE`, `RETURN`, ... as the kernel says. */
  readonly verdict: string;
  readonly packet: FlowTuple;
  readonly inLink: string | null;
  readonly outLink: string | null;
};

/** A packet and all that a router's rules decided about it since it was traced (kernel trace, in iptables' words). */
export type TracedPacket = {
  /** As it arrived, before any translation. */
  readonly arrived: FlowTuple;
  readonly inLink: string | null;
  readonly flags: string;
  readonly steps: readonly TraceStep[];
  /** Bytes of the whole IP packet and its TTL or hop limit as it arrived; left out if the trace did not tell. */
  readonly size?: number;
  readonly ttl?: number;
  /** The last place that it came to in this node; left out if the node was not traced from end to end. */
  readonly end?: TraceEnd;
};

/**
 * Where a packet's way through a node ended, by netfilter's hooks. `prerouting`, `input`, `forward`, `output` and `postrouting`: it came
 * into the hook and not out of it. `routing`: it left prerouting, and came neither to forward nor to input (no route, reverse path filter,
 * TTL, not for this host); or it left output or forward and did not come to postrouting. `delivered`: the host's own TCP got it. `left`:
 * it was given to a link.
 */
export const traceEnds = [
  "prerouting",
  "routing",
  "input",
  "forward",
  "output",
  "postrouting",
  "delivered",
  "left",
] as const;
export type TraceEnd = (typeof traceEnds)[number];

/** A change of a router's connection table (`conntrack -E`). */
export type ConnectionEvent = {
  readonly kind: "new" | "update" | "destroy";
  /** Seconds since the epoch, when conntrack told it: some ms late, so no order against other listeners' events. */
  readonly at: number;
  /** TCP state as conntrack names it; `null` on destroy. */
  readonly state: string | null;
  readonly original: FlowTuple;
  readonly reply: FlowTuple;
  /** Whether any answer was seen. */
  readonly replied: boolean;
  /** Conntrack helper attached to the connection: `ftp`, or `null`. */
  readonly helper: string | null;
  /** Seconds of silence after which it is forgotten from now on; left out if the event did not tell. */
  readonly timeoutS?: number;
};

/** An expectation made, used or expired (`conntrack -E expect`). */
export type ExpectationEvent = {
  readonly kind: "new" | "destroy";
  readonly at: number;
  /** Who is expected to connect, and where to; before translation. */
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  /** The control connection in its original direction. */
  readonly master: FlowTuple;
  readonly helper: string | null;
};

/** What one router saw of a cell. */
export type RouterEvidence = {
  readonly router: string;
  /** SYNs, from the first rule on. */
  readonly packets: readonly TracedPacket[];
  /** All other packets that a filter's last rule or policy dropped or rejected, from there on. */
  readonly dropped: readonly TracedPacket[];
  readonly connections: readonly ConnectionEvent[];
  readonly expectations: readonly ExpectationEvent[];
  /**
   * After the lab's cells, with counters of all cells together: `iptables-save -c` and, behind it, what nftables holds beside that, as `nft
   * -j list ruleset` tells it, a line an object. "" if nobody told.
   */
  readonly rules: string;
};

/** What a client's or server's host saw of a cell by its own rules: only of a host that has any. */
export type HostEvidence = {
  /** The topology's node. */
  readonly host: string;
  readonly kind: "client" | "server";
  /** SYNs, from the first rule on; those that the host itself sends too. */
  readonly packets: readonly TracedPacket[];
  /** All other packets that did not come to their end there. */
  readonly dropped: readonly TracedPacket[];
  /** As a router's. */
  readonly rules: string;
};

/** How a node routes, and what its kernel counted for all cells of the batch together: those that ran side by side. */
export type NodeFacts = {
  readonly node: string;
  /**
   * `ip route show table all`, without routes to its own addresses, broadcast and multicast; a line a route. Then `ip rule`, without
   * those that every kernel begins with.
   */
  readonly routes: readonly string[];
  /** Sysctls that decide about packets, by name (`net.ipv4.conf.wan.rp_filter`). */
  readonly sysctls: Readonly<Record<string, string>>;
  /**
   * Kernel counters that went up, as `nstat -az` names them (`TcpExtIPReversePathFilter`, `IpInNoRoutes`), and `Conntrack_drop` for what
   * `conntrack -S` calls `drop`.
   */
  readonly counters: Readonly<Record<string, number>>;
};

/** An ICMP or ICMPv6 message that is about a connection: what a router or host says of a packet that it quotes. */
export type IcmpError = {
  /** Who says so. */
  readonly from: string;
  /** `port unreachable`, `administratively prohibited`, `fragmentation needed`, ...; RFC 792, RFC 4443. */
  readonly what: string;
};

/** A packet's headers as one vantage point saw them. */
export type SeenPacket = {
  /** Seconds since the epoch, by the kernel's clock, which all nodes of a lab share. */
  readonly at: number;
  /** Into the node or out of it. */
  readonly direction: "in" | "out";
  /** Of the segment itself; of the segment that it quotes where `icmp` is set. */
  readonly flow: FlowTuple;
  /** `SYN`, `SYN,ACK`, `ACK`, `FIN,ACK`, `RST`, ...: TCP's flags in this order, without PSH; "" if `icmp` is set. */
  readonly flags: string;
  /** As on the wire, not relative. */
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Bytes of TCP payload; the kernel hands over what it has merged (GRO, TSO), so more than one MTU is possible. */
  readonly length: number;
  /** First line of a payload that is clear text, cut to 200 characters; `null` if there is none or it is not. */
  readonly text: string | null;
  readonly icmp: IcmpError | null;
};

/** What passed one interface of a node: a vantage point. */
export type Capture = {
  readonly node: string;
  /** The topology's link. */
  readonly link: string;
  /** The interface's name, where it is not the link's id; rules and their trace say this one. */
  readonly interface?: string;
  /** As they came. */
  readonly packets: readonly SeenPacket[];
  /** Why there may have been more, e.g. that the capture was cut at its bound; else `null`. */
  readonly cut: string | null;
};

/** A command and its reply as the server logged them. */
export type ServerExchange = {
  /** Seconds since the epoch. */
  readonly at: number;
  /** As received; `PASS` is masked by the server. */
  readonly command: string;
  readonly replyCode: number | null;
  readonly reply: string;
};

/** What the server saw of a cell. */
export type ServerEvidence = {
  readonly software: SoftwareId;
  /** Address of the client as the server saw it. */
  readonly peer: string;
  readonly exchanges: readonly ServerExchange[];
  /** Lines of its logs about TLS and about the rest of this session, without timestamps and process ids. */
  readonly tlsLog: readonly string[];
  readonly systemLog: readonly string[];
  /** Lines of TransferLog (xferlog(5)) of this session: a line a file. */
  readonly transferLog: readonly string[];
  /** The configuration that was in force. */
  readonly configuration: string;
};

/** What can fail to tell: a witness, or a part of one. */
export const gapCollectors = [
  /** What the client did and said: transcript, stages, message. */
  "client",
  /** The server's logs and its configuration. */
  "server-log",
  /** The evidence of a router: rules, trace, connections and expectations. */
  "router",
  "router-rules",
  "router-trace",
  /** Trace, connections and expectations: they are there, and some entries may not be. */
  "router-events",
  /** What was captured on a node's links. */
  "packets",
  /** The recording as a whole: anything may be missing. */
  "recording",
] as const;
export type GapCollector = (typeof gapCollectors)[number];

/** Something that is missing from evidence, or may be. */
export type Gap = {
  readonly collector: GapCollector;
  /** The topology's node; `null` if it is every node, or nobody knows which. */
  readonly node: string | null;
  /** For people alone; nothing is decided by it. */
  readonly reason: string;
};

/** Everything known of one cell. On disk, the captures lie beside the rest as pcapng files. */
export type CellEvidence = {
  /** Version of this shape on disk. */
  readonly schemaVersion: "1.3";
  readonly cell: Cell;
  readonly attempt: Attempt;
  /** `null` when no session of the cell reached the server, or its logs could not be read (then a gap in `missing`). */
  readonly server: ServerEvidence | null;
  /** In the order client to server. */
  readonly routers: readonly RouterEvidence[];
  /** Hosts that have rules of their own; left out if none has. */
  readonly hosts?: readonly HostEvidence[];
  /** Left out if nobody asked. */
  readonly facts?: readonly NodeFacts[];
  /** In the order client to server; a router has one for each of its links. Empty if no packets were captured. */
  readonly captures: readonly Capture[];
  /** What could not be told. */
  readonly missing: readonly Gap[];
};
