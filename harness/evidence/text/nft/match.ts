import type { PortRange } from "../../../model/topology";
import { parseAddress, type Address } from "../../../net/address";
import { readPort } from "../lines";
import {
  anyConnection,
  askingFurther,
  bothMatches,
  isUniversal,
  readBlock,
  unreadMatch,
  type RuleMatch,
} from "../rule-match";
import type { WhichPacket } from "../rule-words";
import { blocksBetween } from "./blocks-between";
import { fieldOf, listOf, numberOf, onlyPair, textOf } from "./json";
import type { NftSet } from "./ruleset";

type Family = Address["family"];

/** What rules are read with: the packets in question, and the table's own sets. */
export type MatchContext = {
  readonly family: Family;
  /** Left out: the first. */
  readonly which?: WhichPacket | undefined;
  readonly sets: ReadonlyMap<string, NftSet>;
};

/** What would have to hold, each for itself enough; none where no TCP SYN of the family can match. */
export type Alternatives = readonly RuleMatch[];

const any: Alternatives = [anyConnection];
const never: Alternatives = [];
const unknown: Alternatives = [unreadMatch];

/** More of them are not compared one by one. */
const mostAlternatives = 128;

/** Reads a `match` statement: `{ op, left, right }` (libnftables-json(5)). */
export function readNftMatch(match: unknown, context: MatchContext): Alternatives {
  const left = fieldOf(match, "left");
  const operator = textOf(match, "op") ?? "==";
  const right = fieldOf(match, "right");
  if (isOfAnother(left, context.family)) return never;
  const flags = flagsAsked(left);
  if (flags !== null) return ofFlags(flags, operator, right, context.which);
  const elements = elementsOf(right, context.sets);
  if (elements === null) return unknown;
  const range = /^[<>]=?$/.test(operator) && isPort(left) ? comparedPorts(operator, right) : undefined;
  if (range !== undefined) return range === null ? unknown : ofPorts([range]);
  if (operator !== "==" && operator !== "in" && operator !== "!=") return unknown;
  const isNegated = operator === "!=";
  if (isPort(left)) return withDynamic(portsAsked(elements.values, isNegated), elements.isDynamic);
  if (isState(left)) return withDynamic(statesAsked(elements.values, isNegated), elements.isDynamic);
  const alternatives = alternativesOf(left, elements.values, context);
  return withDynamic(isNegated ? negated(alternatives) : alternatives, elements.isDynamic);
}

/** What an expression has to be for one key of a map. */
export function readNftKey(left: unknown, value: unknown, context: MatchContext): Alternatives {
  if (isOfAnother(left, context.family)) return never;
  if (value === "*") return any;
  if (isPort(left)) return portsAsked([valueOf(value)], false);
  if (isState(left)) return statesAsked([value].flat(), false);
  return alternativesOf(left, [valueOf(value)], context);
}

/** Both of two things that are asked. */
export function bothAlternatives(one: Alternatives, other: Alternatives): Alternatives {
  if (one.length * other.length > mostAlternatives) return unknown;
  return one.flatMap((a) => other.flatMap((b) => bothMatches(a, b) ?? []));
}

type Elements = { readonly values: readonly unknown[]; readonly isDynamic: boolean };

/** What a right side holds, sets taken apart; `null` for a set that was not recorded. */
export function elementsOf(right: unknown, sets: MatchContext["sets"]): Elements | null {
  if (typeof right === "string" && right.startsWith("@")) {
    const named = sets.get(right.slice(1));
    return named === undefined ? null : { values: named.elements.map(valueOf), isDynamic: named.isDynamic };
  }
  const set = fieldOf(right, "set");
  if (typeof set === "string") return elementsOf(set, sets);
  if (set !== undefined) return { values: [set].flat().map(valueOf), isDynamic: false };
  return { values: Array.isArray(right) ? listOf(right) : [right], isDynamic: false };
}

/** An element without what nft keeps beside it: counters, time-outs, comments. */
function valueOf(element: unknown): unknown {
  return fieldOf(fieldOf(element, "elem"), "val") ?? element;
}

function withDynamic(alternatives: Alternatives, isDynamic: boolean): Alternatives {
  return isDynamic ? unknown : alternatives;
}

function alternativesOf(left: unknown, values: readonly unknown[], context: MatchContext): Alternatives {
  if (values.length > mostAlternatives) return unknown;
  return values.flatMap((value) => oneOf(left, value, context));
}

function negated(alternatives: Alternatives): Alternatives {
  if (alternatives.length === 0) return any;
  if (alternatives.some(({ isUnread }) => isUnread === true)) return unknown;
  return alternatives.some(isUniversal) ? never : [askingFurther({ kind: "none-of", matches: alternatives })];
}

function oneOf(left: unknown, value: unknown, context: MatchContext): Alternatives {
  const parts = fieldOf(left, "concat");
  if (parts !== undefined) {
    const values = listOf(fieldOf(value, "concat"));
    return listOf(parts).reduce<Alternatives>(
      (asked, part, index) => bothAlternatives(asked, readNftKey(part, values[index], context)),
      any,
    );
  }
  const [kind, expression] = onlyPair(left) ?? ["", null];
  switch (kind) {
    case "meta":
      return ofMeta(textOf(expression, "key") ?? "", value, context);
    case "ct":
      return ofTracked(expression, value);
    case "fib":
      return value === "local" && textOf(expression, "result") === "type" && isDestination(fieldOf(expression, "flags"))
        ? [askingFurther({ kind: "local-destination" })]
        : unknown;
    case "payload":
      return ofPayload(`${textOf(expression, "protocol") ?? ""} ${textOf(expression, "field") ?? ""}`, value);
    default:
      return unknown;
  }
}

function isDestination(flags: unknown): boolean {
  return [flags].flat().join() === "daddr";
}

function ofMeta(key: string, value: unknown, { family }: MatchContext): Alternatives {
  switch (key) {
    case "iif":
    case "iifname":
      return ofLink(value, "in", (inLink) => ({ ...anyConnection, inLink }));
    case "oif":
    case "oifname":
      return ofLink(value, "out", (outLink) => ({ ...anyConnection, outLink }));
    case "l4proto":
      return isTcp(value) ? any : never;
    case "nfproto":
      return value === family ? any : never;
    case "protocol":
      return value === (family === "ipv4" ? "ip" : "ip6") ? any : never;
    case "pkttype":
      return value === "unicast" || value === "host" ? any : never;
    default:
      return unknown;
  }
}

function ofLink(value: unknown, end: "in" | "out", match: (link: string) => RuleMatch): Alternatives {
  if (value === "*") return any;
  if (typeof value !== "string") return unknown;
  // Only the last star of a name stands for more (nft(8)).
  if (value.endsWith("*")) return [askingFurther({ kind: "link", end, prefix: value.slice(0, -1) })];
  return value.includes("*") ? unknown : [match(value)];
}

function isTcp(value: unknown): boolean {
  return value === "tcp" || value === 6;
}

function ofTracked(expression: unknown, value: unknown): Alternatives {
  const key = textOf(expression, "key") ?? "";
  const direction = fieldOf(expression, "dir");
  // What `ct original ip daddr` and the like ask is what a packet had before it was translated.
  if (direction === "original" && key === "proto-dst") {
    const range = portsOf(value);
    return range === null ? unknown : [askingFurther({ kind: "dialled-ports", ports: [range] })];
  }
  if (direction === "original" && /^(?:ip6? )?daddr$/.test(key))
    return blocksOf(value).map((block) =>
      block === undefined ? unreadMatch : block === null ? anyConnection : askingFurther({ kind: "dialled", block }),
    );
  if (typeof value !== "string" || direction !== undefined) return unknown;
  if (key === "helper") return [{ ...anyConnection, helper: value }];
  if (key === "direction") return value === "original" ? any : [{ ...anyConnection, states: ["ESTABLISHED"] }];
  if (key !== "status") return unknown;
  switch (value) {
    case "dnat":
      return [{ ...anyConnection, isForwarded: true }];
    case "expected":
      return [{ ...anyConnection, states: ["RELATED"] }];
    case "seen-reply":
    case "assured":
      return [{ ...anyConnection, states: ["ESTABLISHED"] }];
    default:
      return unknown;
  }
}

function ofPayload(field: string, value: unknown): Alternatives {
  switch (field) {
    case "ip protocol":
    case "ip6 nexthdr":
      return isTcp(value) ? any : never;
    case "ip saddr":
    case "ip6 saddr":
      return blocksOf(value).map((source) => (source === undefined ? unreadMatch : { ...anyConnection, source }));
    case "ip daddr":
    case "ip6 daddr":
      return blocksOf(value).map((destination) =>
        destination === undefined ? unreadMatch : { ...anyConnection, destination },
      );
    case "tcp sport":
    case "th sport": {
      const range = portsOf(value);
      return range === null ? unknown : [askingFurther({ kind: "source-ports", ports: [range] })];
    }
    default:
      return unknown;
  }
}

/** An address, a block, or a range of addresses, as blocks; `null` is "any", `undefined` what cannot be read. */
function blocksOf(value: unknown): readonly (string | null | undefined)[] {
  if (typeof value === "string") return [readBlock(value)];
  const prefix = fieldOf(value, "prefix");
  if (prefix !== undefined) return [readBlock(`${textOf(prefix, "addr") ?? ""}/${numberOf(prefix, "len") ?? ""}`)];
  const [first, last] = listOf(fieldOf(value, "range"));
  const from = parseAddress(typeof first === "string" ? first : "");
  const to = parseAddress(typeof last === "string" ? last : "");
  return from === null || to === null ? [undefined] : (blocksBetween(from, to) ?? [undefined]);
}

/** Protocols beside TCP, with which no rule is about a TCP SYN, and the two families. */
const otherProtocols: ReadonlySet<string> = new Set([
  ...["udp", "udplite", "icmp", "icmpv6", "igmp", "sctp", "dccp", "esp", "ah", "comp", "arp", "gre", "vxlan", "geneve"],
]);

/** Whether an expression can be looked at in no TCP packet of the family. */
function isOfAnother(left: unknown, family: Family): boolean {
  const parts = fieldOf(left, "concat");
  if (parts !== undefined) return listOf(parts).some((part) => isOfAnother(part, family));
  const masked = fieldOf(left, "&");
  if (masked !== undefined) return isOfAnother(listOf(masked)[0], family);
  const protocol = textOf(fieldOf(left, "payload"), "protocol");
  const tracked = textOf(fieldOf(left, "ct"), "key") ?? "";
  if (protocol === "ip" || tracked.startsWith("ip ")) return family !== "ipv4";
  if (protocol === "ip6" || tracked.startsWith("ip6 ")) return family !== "ipv6";
  return protocol !== null && otherProtocols.has(protocol);
}

function isPort(left: unknown): boolean {
  const payload = fieldOf(left, "payload");
  return textOf(payload, "field") === "dport" && ["tcp", "th"].includes(textOf(payload, "protocol") ?? "");
}

const lastPort = 65535;

function portsAsked(values: readonly unknown[], isNegated: boolean): Alternatives {
  const ranges = values.map(portsOf);
  const known = ranges.filter((range) => range !== null);
  if (known.length < ranges.length) return unknown;
  return ofPorts(isNegated ? otherPorts(known) : known);
}

function ofPorts(ranges: readonly PortRange[]): Alternatives {
  // No more of them are compared (`bothMatches`).
  if (ranges.length > 64) return unknown;
  return ranges.length === 0 ? never : [{ ...anyConnection, ports: ranges }];
}

function otherPorts(ranges: readonly PortRange[]): readonly PortRange[] {
  const sorted = ranges.toSorted((one, other) => one.first - other.first);
  const firsts = [0, ...sorted.map(({ last }) => last + 1)];
  const lasts = [...sorted.map(({ first }) => first - 1), lastPort];
  return firsts.flatMap((first, index) => {
    const last = lasts[index] ?? lastPort;
    return first <= last ? [{ first, last }] : [];
  });
}

const services: ReadonlyMap<unknown, number> = new Map([
  ["ftp-data", 20],
  ["ftp", 21],
  ["ssh", 22],
  ["http", 80],
  ["https", 443],
  ["ftps-data", 989],
  ["ftps", 990],
]);

function portOf(value: unknown): number | null {
  return services.get(value) ?? readPort(typeof value === "number" || typeof value === "string" ? String(value) : "");
}

/** One port or `{ "range": [first, last] }`; `null` if it cannot be read. */
export function portsOf(value: unknown): PortRange | null {
  const range = fieldOf(value, "range");
  const [from, to] = range === undefined ? [value, value] : listOf(range);
  const [first, last] = [portOf(from), portOf(to)];
  return first === null || last === null || first > last ? null : { first, last };
}

function comparedPorts(operator: string, right: unknown): PortRange | null {
  const port = portOf(right);
  if (port === null) return null;
  switch (operator) {
    case "<":
      return { first: 0, last: port - 1 };
    case "<=":
      return { first: 0, last: port };
    case ">":
      return { first: port + 1, last: lastPort };
    default:
      return { first: port, last: lastPort };
  }
}

function isState(left: unknown): boolean {
  return textOf(fieldOf(left, "ct"), "key") === "state";
}

const allStates = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"];

function statesAsked(values: readonly unknown[], isNegated: boolean): Alternatives {
  const states = values.map((value) => (typeof value === "string" ? value.toUpperCase() : ""));
  if (!states.every((state) => allStates.includes(state))) return unknown;
  const asked = isNegated ? allStates.filter((state) => !states.includes(state)) : states;
  return asked.length === 0 ? never : [{ ...anyConnection, states: asked }];
}

/** TCP's flags that a left side looks at; `null` if it looks at something else. */
function flagsAsked(left: unknown): readonly string[] | "all" | null {
  const isFlags = (expression: unknown): boolean =>
    textOf(fieldOf(expression, "payload"), "protocol") === "tcp" &&
    textOf(fieldOf(expression, "payload"), "field") === "flags";
  if (isFlags(left)) return "all";
  const [expression, mask] = listOf(fieldOf(left, "&"));
  return isFlags(expression) ? wordsIn(mask) : null;
}

function ofFlags(
  looked: readonly string[] | "all",
  operator: string,
  right: unknown,
  which: WhichPacket = "first",
): Alternatives {
  const isKnown = ["==", "!=", "in", "!"].includes(operator) && (typeof right !== "number" || right === 0);
  if (!isKnown) return unknown;
  return matchesFlags(looked, operator, right, which === "first" ? "syn" : "ack") ? any : never;
}

/** Whether a packet that has one flag alone gives what is asked of its flags. */
function matchesFlags(looked: readonly string[] | "all", operator: string, right: unknown, own: string): boolean {
  const set = fieldOf(right, "set");
  if (set !== undefined) {
    const isOne = [set].flat().some((element) => matchesFlags(looked, "==", valueOf(element), own));
    return (operator === "!=") !== isOne;
  }
  const wanted = wordsIn(right);
  if (operator === "in" || operator === "!") return wanted.includes(own) === (operator === "in");
  const seen = looked === "all" || looked.includes(own) ? [own] : [];
  const isSame = wanted.length === seen.length && seen.every((flag) => wanted.includes(flag));
  return (operator === "!=") !== isSame;
}

/** The words of `a | b` or of a list; a number has none. */
function wordsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return listOf(value).flatMap(wordsIn);
  const parts = fieldOf(value, "|");
  return parts === undefined ? [] : wordsIn(parts);
}
