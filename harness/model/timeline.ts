/** What all vantage points of a lab saw of one cell, on one clock: what a report draws as a ladder from client to server. */
import type { Stage } from "./axes";
import type { FlowTuple } from "./evidence";

/** A participant of the ladder, in the order client, routers, server. */
export type Lane = {
  /** The topology's node. */
  readonly node: string;
  readonly kind: "client" | "router" | "server";
};

/** The client was in a stage. */
export type StageEntry = {
  readonly kind: "stage";
  readonly atMs: number;
  readonly endMs: number;
  readonly stage: Stage;
  readonly failed: boolean;
};

/**
 * A line of the control dialogue, as both ends saw it. `sent` and `received` differ where a router rewrote it; `null` if that end did not
 * tell: ProFTPD logs of a reply only the last line, and no greeting. Of a reply of several lines those before the last are one entry, with
 * line feeds.
 */
export type LineEntry = {
  readonly kind: "line";
  readonly atMs: number;
  readonly from: "client" | "server";
  readonly sent: string | null;
  readonly received: string | null;
  /** Whether TLS hid it from the routers. */
  readonly encrypted: boolean;
  /** Routers that rewrote it, in the order of its way; empty if none did, or none is known. */
  readonly rewrittenBy: readonly string[];
};

/** What the client remarked: TLS agreed, a data connection opened. */
export type RemarkEntry = {
  readonly kind: "remark";
  readonly atMs: number;
  readonly node: string;
  readonly text: string;
};

/** One segment or ICMP error on its way, matched over the vantage points; or a run of data on a data connection. */
export type PacketEntry = {
  readonly kind: "packet";
  readonly atMs: number;
  /** When the last of it was seen for the first time. */
  readonly endMs: number;
  readonly from: "client" | "server" | "router";
  readonly connection: "control" | "data";
  /** `SYN`, `SYN,ACK`, `ACK`, ...; "" if `icmp` is set. */
  readonly flags: string;
  /** Segments that this stands for, as the first vantage point saw them: more than 1 for a run of data. */
  readonly segments: number;
  /** Bytes of payload as the first vantage point saw them, each counted once. */
  readonly length: number;
  readonly icmp: string | null;
  /** In the order of its way. */
  readonly hops: readonly PacketHop[];
  /**
   * * Where it ended when it did not arrive: the last node that saw it; after a hop `out` of that node it was lost on the wire. `null` when
   * it arrived, or when no witness looked further on.
   */
  readonly lostAt: string | null;
  /** Times that it, or a part of it, was sent anew; 0 for a packet that was sent once. */
  readonly retransmissions: number;
};

/** A packet at one vantage point, when it was first seen there. */
export type PacketHop = {
  readonly node: string;
  readonly link: string;
  readonly direction: "in" | "out";
  readonly atMs: number;
  /** As it looked there: NAT changes it from hop to hop. */
  readonly flow: FlowTuple;
  /** First line of a clear payload, which a helper may change from hop to hop; `null` if there is none. */
  readonly text: string | null;
};

/** What a router's rules decided of a connection's first packet. */
export type DecisionEntry = {
  readonly kind: "decision";
  readonly atMs: number;
  readonly router: string;
  readonly arrived: FlowTuple;
  /** As the router sends it on, by its connection table; `null` if it goes nowhere, or that is not known. */
  readonly left: FlowTuple | null;
  /** `filter:FORWARD`, ... */
  readonly place: string;
  /** The rule's words; `null` for a policy. */
  readonly rule: string | null;
  /** `ACCEPT`, `DROP` or `REJECT`. */
  readonly verdict: string;
};

/** A connection expected by a router's helper: made, or gone (used or expired). */
export type ExpectationEntry = {
  readonly kind: "expectation";
  /** conntrack tells it some ms late, so this is the time of the packet that brought it about, where that was captured. */
  readonly atMs: number;
  readonly router: string;
  readonly change: "made" | "gone";
  readonly source: string;
  readonly destination: string;
  readonly port: number;
};

/** Something that was seen of the session. All times are ms since the session's start; earlier ones are negative. */
export type TimelineEntry = StageEntry | LineEntry | RemarkEntry | PacketEntry | DecisionEntry | ExpectationEntry;

export type Timeline = {
  readonly lanes: readonly Lane[];
  /** Seconds since the epoch. */
  readonly startedAt: number;
  /** By `atMs`, but for causes and effects within a tenth of a ms; `notes` says what is left out. */
  readonly entries: readonly TimelineEntry[];
  /** What the timeline cannot show, and why: a collector that failed, entries over the bound. */
  readonly notes: readonly string[];
};
