/** Which breaks a cause can explain: a cause is not named for any other. */
import type { FirstBreak } from "../model/first-break";
import { destinationNat, untracks } from "../evidence/text/rule-words";
import { portsNamedIn } from "../evidence/text/rule-ports";

/** Whether a cause explains a break. */
export type Explains = (found: FirstBreak) => boolean;

/** What opens a connection. */
const handshake: ReadonlySet<FirstBreak["thing"]["kind"]> = new Set(["syn", "syn-ack", "ack"] as const);

/** The control connection's opening: its SYN, or the answer to it. */
export const controlOpening: Explains = ({ thing }) => thing.connection === "control" && handshake.has(thing.kind);

/** A rule hid it from connection tracking, or put it into another zone. */
export const hidesFromTracking: Explains = ({ hand }) => hand.kind === "rule" && untracks.test(hand.rule);

/** A hand that is a cause by itself. */
export const ownHand: Explains = ({ hand }) =>
  hand.kind === "ttl" || hand.kind === "reverse-path-filter" || hand.kind === "mtu" || hand.kind === "helper";

/** Something of a control connection that had been answered: the end of its handshake, a line, a TLS record, its end. */
export const controlLine: Explains = ({ thing }) =>
  thing.connection === "control" && thing.kind !== "syn" && thing.kind !== "syn-ack";

/** Nothing was lost: an end refused, or gave up. */
export const decision: Explains = ({ hand }) => hand.kind === "server" || hand.kind === "client";

/** Bytes of any kind that stopped. */
export const lostBytes: Explains = ({ what, thing }) => what === "lost" && !handshake.has(thing.kind);

/**
 * A router stopped the data connection because it did not expect it: by its policy or a rule like it, as addressed to itself, with no
 * route to a private address; or an end did not even dial or refused the address.
 */
export const unexpectedData: Explains = (found) =>
  found.hand.kind === "client" ||
  (found.hand.kind === "server" && found.what === "refused") ||
  (isDataSyn(found) && (found.side !== "router" ? isForeignListener(found) : isUnaimed(found)));

/** A router stopped the data connection by its policy, or by a rule that acts as the policy, not by a specific rule. */
export function unaimedAtData(found: Pick<FirstBreak, "thing" | "hand">): boolean {
  return isDataSyn(found) && isUnaimed(found);
}

/** A router stopped a data connection, since its policy or a rule lets none pass. */
function isUnaimed({ hand }: Pick<FirstBreak, "hand">): boolean {
  switch (hand.kind) {
    case "policy":
    case "not-forwarded":
    case "no-route":
    case "unknown":
      return true;
    case "rule":
      return hand.isClosing;
    default:
      return false;
  }
}

/** It came to a host on which nothing listens at that port. */
function isForeignListener({ hand }: FirstBreak): boolean {
  return hand.kind === "nothing-listens";
}

export function isDataSyn({ thing }: Pick<FirstBreak, "thing">): boolean {
  return thing.connection === "data" && thing.kind === "syn";
}

/** Where iptables' and nft's DNAT lead, with the port or the range of ports. */
const targetPorts = /(?:--to-destination|\bdnat (?:ip6? )?to) \S*?:(\d{1,5})(?:-(\d{1,5}))?(?![\d.:])/;

/** A rule named another port for the connection: one that lies in the range already is kept (nf_nat_core.c, `get_unique_tuple`). */
export const movesPort: Explains = ({ hand }) => {
  const [whole = "", first, last = first] = (hand.kind === "rule" && targetPorts.exec(hand.rule)) || [];
  if (hand.kind !== "rule" || first === undefined) return false;
  const met = portsNamedIn(hand.rule.replace(whole, ""));
  return met.length === 0 || met.some((range) => range.first < Number(first) || range.last > Number(last));
};

/** A rule gave the connection another destination (DNAT, REDIRECT), where it came to nothing. */
export const redirects: Explains = ({ hand }) => hand.kind === "rule" && destinationNat.test(hand.rule);
