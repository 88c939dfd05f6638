import type { RulePlace } from "./nft/ruleset";
import { anyConnection, bothMatches, readBlock, readPortRanges, type RuleMatch } from "./rule-match";

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
};

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
const readModules: ReadonlySet<string> = new Set(["tcp", "conntrack", "state", "multiport", "comment", "helper"]);

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

/** Reads a rule's words; `null` when it can never match a TCP SYN. What is not understood makes it conditional. */
export function readRule(words: readonly string[]): Rule | null {
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
    applyOption(draft, option, values, negatedBefore || negatedAfter);
    if (draft.match === null) return null;
  }
  return draft.match === null ? null : { ...draft, match: draft.match };
}

/** A comment may begin with a dash, so the first value is taken for one only if it looks like an option all through. */
function isOption(word: string, before: number): boolean {
  return word === "!" || (before === 0 ? /^--?[a-z][a-z0-9-]*$/i.test(word) : word.startsWith("-"));
}

function applyOption(draft: Draft, option: string, values: readonly string[], negated: boolean): void {
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
  const asked = readMatch(option, values, negated);
  draft.match = asked === null || draft.match === null ? null : bothMatches(draft.match, asked);
}

/** Options that are matches wherever they stand. */
const matchOptions: ReadonlySet<string> = new Set(["--dport", "--dports", "--ctstate", "--tcp-flags", "--syn"]);

const unknown: RuleMatch = { ...anyConnection, conditional: true };

/** What one option asks; `null` when no TCP SYN can give it. */
function readMatch(option: string, values: readonly string[], negated: boolean): RuleMatch | null {
  const [value = "", second = ""] = values;
  switch (option) {
    case "-p": {
      const isTcp = ["tcp", "6", "all", "0"].includes(value.toLowerCase());
      return isTcp === negated ? null : anyConnection;
    }
    case "-m":
      return readModules.has(value) ? anyConnection : unknown;
    case "--comment":
    case "-c":
      return anyConnection;
    case "--syn":
      return negated ? null : anyConnection;
    case "--tcp-flags":
      return matchesSyn(value, second) === negated ? null : anyConnection;
    default:
      return negated || values.length > 1 ? unknown : readPlainMatch(option, value);
  }
}

function readPlainMatch(option: string, value: string): RuleMatch {
  switch (option) {
    case "-i":
      return value.endsWith("+") ? unknownUnless(value === "+") : { ...anyConnection, inLink: value };
    case "-o":
      return value.endsWith("+") ? unknownUnless(value === "+") : { ...anyConnection, outLink: value };
    case "-s": {
      const source = readBlock(value);
      return source === undefined ? unknown : { ...anyConnection, source };
    }
    case "-d": {
      const destination = readBlock(value);
      return destination === undefined ? unknown : { ...anyConnection, destination };
    }
    case "--dport":
    case "--dports": {
      const ports = readPortRanges(value);
      return ports === null ? unknown : { ...anyConnection, ports };
    }
    case "--ctstate":
      return ofStates(value.toUpperCase().split(","));
    case "--helper":
      return { ...anyConnection, helper: value };
    default:
      return unknown;
  }
}

/** `DNAT` is no state of its own: it is asked for alone, or it may be the one that holds. */
function ofStates(states: readonly string[]): RuleMatch {
  if (!states.includes("DNAT")) return { ...anyConnection, states };
  return states.length === 1 ? { ...anyConnection, isForwarded: true } : unknown;
}

/** `eth+` stands for many links, `+` for all. */
function unknownUnless(isAll: boolean): RuleMatch {
  return isAll ? anyConnection : unknown;
}

function matchesSyn(mask: string, set: string): boolean {
  const asked = mask === "ALL" || mask.split(",").includes("SYN");
  return asked ? set === "SYN" : set === "NONE" || set === "";
}

/** What changes a destination, in the words of iptables and nft. */
export const destinationNat = /-j (DNAT|REDIRECT)\b|\b(dnat( ip6?)? to|redirect)\b/;
