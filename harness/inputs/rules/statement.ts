/** Rules of a user's own as far as it matters which machines they are for: what they name, in which line. */
import type { Address } from "../../net/address";
import type { PortRange } from "../../model/topology";

/** Addresses that a rule names, ends included. */
export type NamedBlock = { readonly text: string; readonly first: Address; readonly last: Address };

/** Names of interfaces that a rule asks for, or (`isNegated`) any others; `ppp*` stands for all that begin so. */
export type NamedInterfaces = { readonly names: readonly string[]; readonly isNegated: boolean };

/** As {@link NamedInterfaces}, of addresses. */
export type NamedAddresses = { readonly blocks: readonly NamedBlock[]; readonly isNegated: boolean };

/** What a rule does with what it matches. */
export type RuleAction =
  | { readonly kind: "accept" | "drop" | "masquerade" | "helper" | "other" }
  | { readonly kind: "forward-to" | "leave-as"; readonly blocks: readonly NamedBlock[] }
  | { readonly kind: "jump"; readonly chain: string };

/** A rule; `null` is "any", or something that cannot be read and may be anything. */
export type RuleStatement = {
  readonly line: number;
  /** With its table: `filter FORWARD`, `inet fw4 forward_lan`. */
  readonly chain: string;
  readonly inInterfaces: NamedInterfaces | null;
  readonly outInterfaces: NamedInterfaces | null;
  readonly sources: NamedAddresses | null;
  readonly destinations: NamedAddresses | null;
  /** Destination ports of TCP. */
  readonly ports: readonly PortRange[] | null;
  /** Whether it can match TCP packets. */
  readonly isTcp: boolean;
  readonly action: RuleAction;
};

export type RuleStatements = {
  readonly statements: readonly RuleStatement[];
  /** Chains that the kernel calls, as `RuleStatement.chain` names them, and the hook: `forward`. */
  readonly hooks: ReadonlyMap<string, string>;
};

/** What is known of a rule before its words are read. */
export const openStatement: Omit<RuleStatement, "line" | "chain"> = {
  inInterfaces: null,
  outInterfaces: null,
  sources: null,
  destinations: null,
  ports: null,
  isTcp: true,
  action: { kind: "other" },
};
