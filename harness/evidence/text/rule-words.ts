import type { RulePlace } from "./nft/ruleset";
import { readAddress } from "./lines";
import { withoutWideLimits } from "./wide-limits";
import { blocksBetween } from "./nft/blocks-between";
import { parseAddress } from "../../net/address";
import {
  anyConnection,
  askingFurther,
  bothMatches,
  readBlock,
  readPortRanges,
  unreadMatch,
  type RuleMatch,
} from "./rule-match";

/** A rule as far as it concerns the first packet of a TCP connection. */
export type Rule = {
  readonly match: RuleMatch;
  /** Where `-j` or `-g` leads: a verdict, a target, or a chain; `null` for a rule that only counts. */
  readonly target: string | null;
  /** `-g`: what returns from there does not come back here. */
  readonly isGoto: boolean;
  /** The target's own options, `--to-destination` and the like; `""` for one without a value. */
  readonly options: ReadonlyMap<string, string>;
  /** Where it stands, if nftables holds it. */
  readonly place?: RulePlace;
  /** As it is written, where that is known. */
  readonly text?: string;
};

/** Which packet of a connection: the first, or one of those after it, which have no lone SYN. */
export type WhichPacket = "first" | "later";

/** Short, or newest, names of options that may be written in several ways. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["--protocol", "-p"],
  ["--proto", "-p"],
  ["--source", "-s"],
  ["--src", "-s"],
  ["--destination", "-d"],
  ["--dst", "-d"],
  ["--in-interface", "-i"],
  ["--out-interface", "-o"],
  ["--jump", "-j"],
  ["--goto", "-g"],
  ["--match", "-m"],
  ["--destination-port", "--dport"],
  ["--destination-ports", "--dports"],
  ["--state", "--ctstate"],
]);

/** Match modules whose options are read here, so that naming them asks for nothing yet. */
const readModules: ReadonlySet<string> = new Set([
  ...["tcp", "conntrack", "state", "multiport", "comment", "helper", "addrtype", "iprange"],
]);

/** Targets known to let a packet go on to the next rule. */
export const passingTargets: ReadonlySet<string> = new Set([
  ...["AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "ECN", "HL", "IDLETIMER", "LED", "LOG"],
  ...["MARK", "NFLOG", "NOTRACK", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TRACE", "TTL"],
  "ULOG",
]);

/** Targets whose options are no matches. */
const optionTargets: ReadonlySet<string> = new Set([
  ...passingTargets,
  ...["DNAT", "SNAT", "MASQUERADE", "REDIRECT", "REJECT"],
]);

type Draft = { match: RuleMatch | null; target: string | null; isGoto: boolean; options: Map<string, string> };

/** Reads a rule's words; `null` when it can never match such a packet of TCP. What is not understood makes it conditional. */
export function readRule(all: readonly string[], which: WhichPacket = "first"): Rule | null {
  const words = which === "first" ? withoutWideLimits(all) : all;
  if (words === null) return null;
  const draft: Draft = { match: anyConnection, target: null, isGoto: false, options: new Map() };
  for (let at = 0; at < words.length;) {
    const negatedBefore = words[at] === "!";
    if (negatedBefore) at += 1;
    const option = aliases.get(words[at] ?? "") ?? words[at] ?? "";
    at += 1;
    // `-i ! lan` is how it was written once.
    const negatedAfter = words[at] === "!";
    if (negatedAfter) at += 1;
    const values: string[] = [];
    for (let word = words[at]; word !== undefined && !isOption(word, values.length); word = words[at]) {
      values.push(word);
      at += 1;
    }
    applyOption(draft, option, values, { negated: negatedBefore || negatedAfter, which });
    if (draft.match === null) return null;
  }
  return draft.match === null ? null : { ...draft, match: draft.match };
}

/** A comment may begin with a dash, so the first value is taken for one only if it looks like an option all through. */
function isOption(word: string, before: number): boolean {
  return word === "!" || (before === 0 ? /^--?[a-z][a-z0-9-]*$/i.test(word) : word.startsWith("-"));
}

type Asked = { readonly negated: boolean; readonly which: WhichPacket };

function applyOption(draft: Draft, option: string, values: readonly string[], how: Asked): void {
  const [value = ""] = values;
  if (option === "-j" || option === "-g") {
    draft.target = value;
    draft.isGoto = option === "-g";
    return;
  }
  // `-m helper --helper` stands before the target, `-j CT --helper` after it.
  if (optionTargets.has(draft.target ?? "") && option.startsWith("--") && !matchOptions.has(option)) {
    draft.options.set(option, value);
    return;
  }
  const asked = readMatch(option, values, how);
  draft.match = asked === null || draft.match === null ? null : bothMatches(draft.match, asked);
}

/** Options that are matches wherever they stand. */
const matchOptions: ReadonlySet<string> = new Set(["--dport", "--dports", "--ctstate", "--tcp-flags", "--syn"]);

/** What one option asks; `null` when no such packet can give it. */
function readMatch(option: string, values: readonly string[], { negated, which }: Asked): RuleMatch | null {
  const [value = "", second = ""] = values;
  switch (option) {
    case "-p": {
      const isTcp = ["tcp", "6", "all", "0"].includes(value.toLowerCase());
      return isTcp === negated ? null : anyConnection;
    }
    case "--ctproto":
      return ["tcp", "6"].includes(value.toLowerCase()) === negated ? null : anyConnection;
    case "-m":
      return readModules.has(value) ? anyConnection : unreadMatch;
    case "--comment":
    case "-c":
      return anyConnection;
    case "--syn":
      return negated === (which === "first") ? null : anyConnection;
    case "--tcp-flags":
      return matchesFlags(value, second, which) === negated ? null : anyConnection;
    default: {
      const asked = values.length > 1 ? unreadMatch : readPlainMatch(option, value);
      return negated && asked.isUnread !== true ? askingFurther({ kind: "none-of", matches: [asked] }) : asked;
    }
  }
}

function readPlainMatch(option: string, value: string): RuleMatch {
  switch (option) {
    case "-i":
      return value.endsWith("+") ? ofLinks("in", value) : { ...anyConnection, inLink: value };
    case "-o":
      return value.endsWith("+") ? ofLinks("out", value) : { ...anyConnection, outLink: value };
    case "-s":
      return ofBlocks(value.split(",").map(readBlock), (source) => ({ ...anyConnection, source }));
    case "-d":
      return ofBlocks(value.split(",").map(readBlock), (destination) => ({ ...anyConnection, destination }));
    case "--src-range":
      return ofBlocks(blocksOfRange(value), (source) => ({ ...anyConnection, source }));
    case "--dst-range":
      return ofBlocks(blocksOfRange(value), (destination) => ({ ...anyConnection, destination }));
    case "--dst-type":
      return value === "LOCAL" ? askingFurther({ kind: "local-destination" }) : unreadMatch;
    case "--sport":
    case "--sports": {
      const ports = readPortRanges(value);
      return ports === null ? unreadMatch : askingFurther({ kind: "source-ports", ports });
    }
    case "--dport":
    case "--dports": {
      const ports = readPortRanges(value);
      return ports === null ? unreadMatch : { ...anyConnection, ports };
    }
    case "--ctorigdstport": {
      const ports = readPortRanges(value);
      return ports === null ? unreadMatch : askingFurther({ kind: "dialled-ports", ports });
    }
    case "--ctorigdst":
      return ofBlocks([readBlock(value)], (block) =>
        block === null ? anyConnection : askingFurther({ kind: "dialled", block }),
      );
    case "--ctdir":
      return value === "ORIGINAL" ? anyConnection : { ...anyConnection, states: ["ESTABLISHED"] };
    case "--ctstate":
      return ofStates(value.toUpperCase().split(","));
    case "--helper":
      return { ...anyConnection, helper: value };
    default:
      return unreadMatch;
  }
}

/** `DNAT` is no state of its own: it is asked for alone, or it may be the one that holds. */
function ofStates(states: readonly string[]): RuleMatch {
  const forwarded: RuleMatch = { ...anyConnection, isForwarded: true };
  const others = states.filter((state) => state !== "DNAT");
  if (others.length === states.length) return { ...anyConnection, states };
  return others.length === 0
    ? forwarded
    : askingFurther({ kind: "one-of", matches: [forwarded, { ...anyConnection, states: others }] });
}

/** `eth+` stands for many links, `+` for all. */
function ofLinks(end: "in" | "out", pattern: string): RuleMatch {
  const prefix = pattern.slice(0, -1);
  return prefix === "" ? anyConnection : askingFurther({ kind: "link", end, prefix });
}

/** One block, or several of which one has to hold; `undefined` is what cannot be read. */
function ofBlocks(
  blocks: readonly (string | null | undefined)[],
  match: (block: string | null) => RuleMatch,
): RuleMatch {
  const read = blocks.filter((block) => block !== undefined);
  const [first, ...others] = read;
  if (first === undefined || read.length < blocks.length) return unreadMatch;
  return others.length === 0 ? match(first) : askingFurther({ kind: "one-of", matches: read.map(match) });
}

function blocksOfRange(range: string): readonly (string | undefined)[] {
  const [first, last] = range.split("-").map((end) => parseAddress(readAddress(end) ?? "") ?? undefined);
  return first === undefined || last === undefined ? [undefined] : (blocksBetween(first, last) ?? [undefined]);
}

/** A first packet has SYN alone, a later one ACK and perhaps more, of which only the lack of a lone SYN is asked. */
function matchesFlags(mask: string, set: string, which: WhichPacket): boolean {
  const looked = mask === "ALL" ? ["SYN", "ACK", "FIN", "RST", "PSH", "URG"] : mask.split(",");
  const seen = looked.filter((flag) => flag === (which === "first" ? "SYN" : "ACK"));
  const wanted = set === "" || set === "NONE" ? [] : set.split(",");
  return wanted.length === seen.length && seen.every((flag) => wanted.includes(flag));
}

/** What changes a destination, in the words of iptables and nft. */
export const destinationNat = /-j (DNAT|REDIRECT)\b|\b(dnat( ip6?)? to|redirect)\b/;

/** Rules that take a packet out of connection tracking, or into a zone of its own (iptables-extensions(8) CT, nft(8)). */
export const untracks = /-j NOTRACK\b|-j CT\b.*--(notrack|zone)|\bnotrack\b|\bct zone set\b/;

/** Rules that change addresses or ports without NAT, in nft's words. */
export const rewrites = /\b(?:ip6?|tcp) (?:[sd]addr|[sd]port) set\b/;

/** Rules that look into the payload, or hand it to what does (iptables-extensions(8), nft(8)). */
export const readsPayload = /-m (string|bpf|u32)\b|@(th|ih|nh)\b|\bqueue\b|-j (NFQUEUE|REDIRECT|TPROXY)\b/;
