import type { SessionRequest, StageDeadlines } from "../../../model/agent-protocol";
import type { CauseId } from "../../../model/ids";
import type { PlannedCell } from "../../../model/cell";
import type { ServerProfile } from "../../../model/server-profile";
import type { Topology } from "../../../model/topology";
import type { Loss } from "../oracle/loss";
import type { Random } from "../../random";

/** A cell that is predicted to work, and what it is made of. */
export type Base = { readonly planned: PlannedCell; readonly topology: Topology; readonly profile: ServerProfile };

/** One step of a change, as a value. */
export type Change =
  /** Lines of shell in the network of a node, with the patch panel's rights. */
  | { readonly kind: "network"; readonly node: string; readonly lines: readonly string[] }
  | { readonly kind: "sysctls"; readonly node: string; readonly values: Readonly<Record<string, string>> }
  /** Directives in the server's own language; it is started anew with them. */
  | { readonly kind: "directives"; readonly lines: readonly string[] }
  /** Lines of shell on the server's host. */
  | { readonly kind: "server-files"; readonly lines: readonly string[] }
  /** What the client asks for instead. `ca`: of an authority that the server's certificate is not from. */
  | { readonly kind: "client"; readonly set: ClientChange };

export type ClientChange = Partial<Pick<SessionRequest, "user" | "password" | "host" | "port">> & {
  readonly options?: Partial<SessionRequest["options"]>;
  readonly deadlines?: Partial<StageDeadlines>;
  readonly otherCa?: true;
};

/** What the oracle found out about the cell, from packets and from the rule's own log; never from the diagnosis. */
export type Findings = {
  /** The first thing that was sent and did not come; `null` if all came. */
  readonly loss: Loss | null;
  /** Whether the changed rule met any packet of the session; `true` where it is no rule. */
  readonly met: boolean;
};

/** What a right verdict says. */
export type Truth = {
  /** Any of which is right. */
  readonly causes: readonly CauseId[];
  /** Nodes at which the break may be placed. */
  readonly nodes: readonly string[];
  /** Where the rule itself ended the packet: the break's hand has to be it. */
  readonly quotesRule: boolean;
};

/** A random change of a working cell. */
export type Fault = {
  /** In one line, for people. */
  readonly what: string;
  /** Where it is. */
  readonly node: string;
  readonly changes: readonly Change[];
  /** The rule that the change brings in, where it is one: its text is read back from the kernel by the command. */
  readonly rule: InjectedRule | null;
  /** Whether it is the rule itself that ends packets, and not something that follows from it. */
  readonly stops?: boolean;
  /** `null` if what the cell showed does not come from the change. */
  readonly truth: (found: Findings) => Truth | null;
};

/** A rule that logs what it meets to {@link hitGroup}; `show` prints it as the kernel has it, as its last line. */
export type InjectedRule = {
  readonly table: string;
  /** A chain of nft's own is also known by its hook, in iptables' words. */
  readonly chains: readonly string[];
  readonly show: string;
};

/** NFLOG group of the injected rules. */
export const hitGroup = 77;

/** A kind of change. One file each in this folder, whose name is its id. */
export type FaultKind = {
  readonly id: string;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  /** `null` if this cell has nothing to be changed so. */
  readonly draw: (base: Base, random: Random) => Fault | null;
};
