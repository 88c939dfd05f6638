/**
 * What the vantage points of a lab saw of one cell, as values: the input of the diagnosis, and what is recorded on disk.
 * A collector that failed is named in `missing`; it never decides a verdict by itself.
 */
import type { Attempt, Cell } from "./cell";

/** One side of a TCP connection as a packet or a conntrack tuple names it. */
export type FlowTuple = {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
};

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

/** A SYN and all that a router's rules decided about it (kernel trace, in iptables' words). */
export type TracedPacket = {
  /** As it arrived, before any translation. */
  readonly arrived: FlowTuple;
  readonly inLink: string | null;
  readonly flags: string;
  readonly steps: readonly TraceStep[];
};

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
  readonly packets: readonly TracedPacket[];
  readonly connections: readonly ConnectionEvent[];
  readonly expectations: readonly ExpectationEvent[];
  /** `iptables-save -c` after the lab's cells: the rules as they really were, with counters of all cells together. */
  readonly rules: string;
};

/** A command and its reply as ProFTPD logged them (ExtendedLog). */
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
  /** Address of the client as the server saw it. */
  readonly peer: string;
  readonly exchanges: readonly ServerExchange[];
  /** Lines of TLSLog and SystemLog of this session, without timestamps and process ids. */
  readonly tlsLog: readonly string[];
  readonly systemLog: readonly string[];
  /** The `proftpd.conf` that was in force. */
  readonly configuration: string;
};

/** Everything known of one cell. */
export type CellEvidence = {
  /** Version of this shape on disk. */
  readonly schemaVersion: "1.0";
  readonly cell: Cell;
  readonly attempt: Attempt;
  /** `null` when no session of the cell reached the server, or its logs could not be read (then named in `missing`). */
  readonly server: ServerEvidence | null;
  /** In the order client to server. */
  readonly routers: readonly RouterEvidence[];
  /** Collectors that failed, with the reason. */
  readonly missing: readonly string[];
};
