/** What `advise` says: which changes of whom would let everybody in that has to get in. */
import type { Cell, ExpectedResult } from "./cell";
import type { PortRange } from "./topology";

/** Who may be asked to change something. */
export const advisedParties = ["server", "router", "client"] as const;
export type AdvisedParty = (typeof advisedParties)[number];

/** A session that has to work. */
export type Need = Pick<Cell, "client" | "mode" | "data" | "operation"> & {
  /** Where its client stands; left out: the network has one client. */
  readonly position?: string | undefined;
};

/** Lines to paste, and where: a router or host by its id, the server's configuration, or the client. */
export type AdvisedLines = {
  readonly place: "router" | "host" | "configuration" | "client";
  /** The node's id; of a configuration the file, where it is a user's own. */
  readonly name: string;
  readonly lines: readonly string[];
  /** How they are kept, where a tool is known to write the rules of the node. */
  readonly kept?: Kept;
};

/** Lines that a firewall's tool keeps; those that were pasted last until it writes its rules anew. */
export type Kept = {
  /** The tool: `OpenWrt`, `ufw`. */
  readonly by: string;
  /** In its own words. */
  readonly lines: readonly string[];
  /** Pasted lines for which it has no words, and where they can stand. */
  readonly rest: readonly string[];
  readonly place: string;
  /** Whether the pasted lines are for the lab alone: `import` made its rules of a configuration, or the tool lets nobody else change them. */
  readonly onlyInLab: boolean;
};

/** What strangers can reach that they could not reach before. */
export type Opened = {
  readonly node: string;
  /** The address by which they reach it. */
  readonly address: string;
  readonly ports: readonly PortRange[];
  /** The network that they are in, as a CIDR block: the client's, and so whatever is behind it. */
  readonly from: string;
};

/** A session that would no longer work. */
export type Broken = Omit<Need, "operation">;

/** A set of changes that makes every need work, none of which can be left out. */
export type AdvisedSet = {
  readonly changes: readonly {
    readonly id: string;
    readonly party: AdvisedParty;
    readonly what: string;
    /** It gives up encryption that the session has or should have. */
    readonly exposes: boolean;
  }[];
  /** Whether every need is predicted to work with them; otherwise the result depends on a rule of the user that allows no prediction. */
  readonly predicted: boolean;
  /** How each need is served, in their order: as it was, unless a client is changed. */
  readonly uses: readonly Need[];
  readonly opens: readonly Opened[];
  readonly breaks: readonly Broken[];
  readonly lines: readonly AdvisedLines[];
  /** What the lab said of each need; left out if it was not asked. */
  readonly proof?: Proof;
};

/** What the lab said of each need. */
export type Proof = readonly { readonly need: Need; readonly worked: boolean; readonly message: string | null }[];

/** A need, and what is expected of it as things are. */
export type NeedNow = { readonly need: Need; readonly expected: ExpectedResult };

export type Advice = {
  readonly topology: string;
  readonly server: string;
  readonly may: readonly AdvisedParty[];
  readonly needs: readonly NeedNow[];
  /** What the lab said of the network as it is, where that is not predicted; left out if it was not asked. */
  readonly asItIs?: Proof;
  /** Smallest first; empty if nothing is to be done, or nothing helps. */
  readonly sets: readonly AdvisedSet[];
  /** Why nothing helps; `null` if something does, or nothing is to be done. */
  readonly impossible: Impossible | null;
};

export type Impossible = {
  /** The needs that stay as they are, whatever the parties change; or, where each can be served alone, those that cannot be together. */
  readonly needs: readonly NeedNow[];
  /** Whether each of them alone can be served, and what serves the one keeps another out. */
  readonly onlyTogether: boolean;
  /** The smallest set of all parties together that helps; `null` if none does. */
  readonly withOthers: AdvisedSet | null;
  /** How many changes were looked at, and up to how many of them together; `ofAll`: up to how many of all parties' together. */
  readonly tried: { readonly changes: number; readonly together: number; readonly ofAll: number };
};
