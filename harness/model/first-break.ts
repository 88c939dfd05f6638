/** The first thing of a session that went wrong: what happened to which thing, where, by which hand, and how that is known. */
import type { FlowTuple } from "./flow";
import type { Proof } from "./proof";

/** What has to travel: the steps of a connection, lines of the dialogue, TLS records and bytes of a transfer. */
export type BrokenThing = {
  readonly connection: "control" | "data";
  readonly kind:
    | "syn"
    | "syn-ack"
    | "ack"
    | "acknowledgement"
    | "greeting"
    | "command"
    | "reply"
    | "tls"
    | "bytes"
    | "names"
    | "end";
  readonly from: "client" | "server";
  /** A line's text, where it was clear; else `null`. */
  readonly text: string | null;
};

/**
 * `node`: it came to that node and went no further. `wire`: it left `from`, and did not come to `to` (`null`: the next node is unknown).
 */
export type BreakPlace =
  | { readonly kind: "node"; readonly node: string }
  | { readonly kind: "wire"; readonly from: string; readonly to: string | null };

/** By which hand it went wrong. */
export type BreakHand =
  /** A rule of a router's or a host's, in iptables' or nft's words. */
  | {
      readonly kind: "rule";
      readonly node: string;
      readonly table: string;
      readonly chain: string;
      readonly rule: string;
      /** It ends whatever is left of its chain, as a policy does, and picks nothing out. */
      readonly isClosing: boolean;
      /** What ended it then, where the rule only changed it, or hid it from connection tracking. */
      readonly then?: BreakHand;
    }
  | { readonly kind: "policy"; readonly node: string; readonly table: string; readonly chain: string }
  /** A router took it for its own, since nothing forwards it. */
  | { readonly kind: "not-forwarded"; readonly node: string; readonly then?: BreakHand }
  /**
   * * `neighbour`: it has a route, but no node on the link answers for the next hop (ARP, neighbour discovery). `route`: the line of its
   * routes that decides, where one does: a route that refuses, or the way to a next hop that does not answer.
   */
  | { readonly kind: "no-route"; readonly node: string; readonly neighbour?: true; readonly route?: string }
  /** `link`: the interface on which the packet came in; `null` if unknown. */
  | { readonly kind: "reverse-path-filter"; readonly node: string; readonly link: string | null }
  /** `rule`: the rule that had set it so low; `null` if none is known. */
  | { readonly kind: "ttl"; readonly node: string; readonly rule: string | null }
  | { readonly kind: "mtu"; readonly node: string }
  /** The FTP helper (nf_conntrack_ftp) dropped it. */
  | { readonly kind: "helper"; readonly node: string }
  /** Connection tracking or NAT at this node, and no rule: another zone, no state, a port that it moved. */
  | { readonly kind: "conntrack"; readonly node: string }
  /** The host has no listener there: it answered with a reset. */
  | { readonly kind: "nothing-listens"; readonly node: string }
  /** The host was reached and said nothing; its rules and routes do not tell why. */
  | { readonly kind: "host"; readonly node: string }
  /** The server decided so, in its words. */
  | { readonly kind: "server"; readonly words: string | null }
  /** The client decided so, in its words. */
  | { readonly kind: "client"; readonly words: string | null }
  | { readonly kind: "unknown" };

export type FirstBreak = {
  readonly what: "lost" | "refused" | "altered" | "late" | "malformed" | "never-sent" | "ended";
  readonly thing: BrokenThing;
  /** How the server ended a connection; left out for all else. */
  readonly how?: "FIN" | "RST";
  readonly place: BreakPlace | null;
  readonly hand: BreakHand;
  /** What the node is at which it happened; `null` if no node is known. */
  readonly side: "client" | "router" | "server" | null;
  /** The packet, as it looked where it was seen last; `null` if the break is none of a packet. */
  readonly packet: FlowTuple | null;
  /** What happened, in a sentence: `explain` begins with it. */
  readonly sentence: string;
  readonly proofs: readonly Proof[];
};
