import type { FilterVerdict, PortRange } from "../../../model/topology";

/** What is known of an answer: the value, or why it is unknown. */
export type Told<T> = { readonly kind: "told"; readonly value: T } | Open;
export type Open = { readonly kind: "open"; readonly why: string };

export function told<T>(value: T): Told<T> {
  return { kind: "told", value };
}

/** A connection attempt at a node: links by their ids, `null` if the packet begins or ends there. */
export type Crossing = {
  readonly in: string | null;
  readonly out: string | null;
  readonly source: string;
  readonly destination: string;
  readonly ports: PortRange;
  /** `null`: unknown. */
  readonly sourcePorts: PortRange | null;
  /** What it was before this node translated it. */
  readonly dialled: { readonly destination: string; readonly ports: PortRange };
  /** The node's FTP helper expects it: it is RELATED. */
  readonly isExpected: boolean;
  /** Its destination was translated here. */
  readonly isForwarded: boolean;
};

/** What a packet is after a hook, or that it ends there. */
export type Arrived =
  | {
      readonly kind: "passed";
      readonly destination: string;
      readonly ports: PortRange;
      readonly isForwarded: boolean;
      /** Whether the FTP helper follows the connection; left out: the topology's own key says it. */
      readonly helper?: Told<boolean>;
    }
  | { readonly kind: "stopped"; readonly verdict: FilterVerdict };

/** What let a packet through a filter, or what it did. */
export type Passing = { readonly by: "rule" | "policy" | "expectation" } | { readonly verdict: FilterVerdict };

/** A node's rules, asked hook by hook for a connection's first packet; where they are a user's own, for later ones too. */
export type NodeRules = {
  /** Before routing: where the packet is sent on to. */
  readonly arrive: (crossing: Crossing) => Told<Arrived>;
  /** For the node itself. */
  readonly enter: (crossing: Crossing) => Told<FilterVerdict>;
  readonly forward: (crossing: Crossing) => Told<Passing>;
  /** After routing: the source that it leaves with. */
  readonly leave: (crossing: Crossing, address: string) => Told<string>;
  /** From the node itself. */
  readonly emit: (crossing: Crossing) => Told<FilterVerdict>;
  /** Whether later packets pass, by the hooks of their way; `null` if they always do. */
  readonly later: ((way: LaterWay) => Told<boolean>) | null;
};

/** A later packet's way through a node: where it comes from and goes to. */
export type LaterWay = Omit<Crossing, "isExpected"> & {
  readonly kind: "enters" | "crosses" | "leaves";
  /** Where it goes before this node translates it. */
  readonly arriving: { readonly destination: string; readonly ports: PortRange };
};
