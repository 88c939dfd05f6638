import type { PortRange } from "../../model/topology";
import { nativeHelpers } from "./native-helpers";
import { reachedRules, type ReachedRule } from "./rule-chain";
import { anyConnection, bothMatches, isUniversal, readPortRanges, type RuleMatch } from "./rule-match";
import { parseSavedTables, type SavedTable } from "./saved-rules";
import { readAddress } from "./lines";
import type { HelperAttachment } from "./rule-match";

export type { RuleMatch } from "./rule-match";
/** `-j DNAT` or `-j REDIRECT` before routing. The first that matches decides. */
export type DestinationNat = RuleMatch & {
  /** `null`: the router itself (REDIRECT), or the address stays. */
  readonly toAddress: string | null;
  /** `null`: the port stays. */
  readonly toPorts: PortRange | null;
};

/** `-j MASQUERADE` or `-j SNAT` after routing. */
export type SourceNat = RuleMatch & {
  readonly kind: "MASQUERADE" | "SNAT";
  /** First address of SNAT; `null` for MASQUERADE. */
  readonly toAddress: string | null;
};

export type Verdict = "ACCEPT" | "DROP" | "REJECT";

/** A rule that ends a packet's way through the filter. */
export type FilterRule = RuleMatch & { readonly verdict: Verdict };

/** A chain of the filter table, with the chains that it jumps to in their places. */
export type FilterChain = {
  readonly policy: "ACCEPT" | "DROP";
  /** What meets a TCP SYN that none of `rules` decides: a rule for everything, or the policy. */
  readonly rest: Verdict;
  /** In their order; the first that matches decides. */
  readonly rules: readonly FilterRule[];
  /**
   * Whether data connections that the FTP helper announced pass: all, none, or `conditional` when it takes more to tell
   * (links, addresses, ports, a match that is not read here).
   */
  readonly related: "accepted" | "conditional" | "blocked";
  /** Rules that accept new connections; conditional where an earlier rule may block what they would accept. */
  readonly accepted: readonly FilterRule[];
};

/** What a diagnosis needs of a router's rules. */
export type RouterRules = {
  readonly helpers: readonly HelperAttachment[];
  readonly destinationNats: readonly DestinationNat[];
  readonly sourceNats: readonly SourceNat[];
  readonly forward: FilterChain;
  readonly input: FilterChain;
};

/** Reads the output of `iptables-save` or `ip6tables-save`, with or without `-c`, as far as TCP SYNs are concerned. */
export function parseRules(iptablesSave: string): RouterRules {
  const tables = parseSavedTables(iptablesSave);
  return {
    helpers: [
      ...helpersIn(tables.get("raw"), "PREROUTING"),
      ...helpersIn(tables.get("raw"), "OUTPUT"),
      ...nativeHelpers(iptablesSave),
    ],
    destinationNats: destinationNatsIn(tables.get("nat")),
    sourceNats: sourceNatsIn(tables.get("nat")),
    forward: filterChain(tables.get("filter"), "FORWARD"),
    input: filterChain(tables.get("filter"), "INPUT"),
  };
}

/** Whether the ranges, taken together, hold all of `wanted`; `null` stands for all ports. */
export function coversPorts(ranges: readonly PortRange[] | null, wanted: PortRange): boolean {
  if (ranges === null) return true;
  let next = wanted.first;
  for (const { first, last } of [...ranges].sort((one, other) => one.first - other.first)) {
    if (first > next) break;
    next = Math.max(next, last + 1);
  }
  return next > wanted.last;
}

/** Marks what follows a rule that takes packets away for good, each of which some later rule may have been meant for. */
function* afterTaking(rules: readonly ReachedRule[], takes: (rule: ReachedRule) => boolean): Generator<ReachedRule> {
  let taken = false;
  for (const rule of rules) {
    yield taken ? { ...rule, match: { ...rule.match, conditional: true } } : rule;
    taken ||= takes(rule);
  }
}

function helpersIn(table: SavedTable | undefined, chain: "PREROUTING" | "OUTPUT"): HelperAttachment[] {
  const { rules } = reachedRules(table, chain, (target) => target === "ACCEPT" || target === "DROP");
  // The first CT target settles a connection, so one without a helper keeps later ones from attaching theirs.
  const takes = ({ target, options }: ReachedRule): boolean =>
    target === "ACCEPT" || target === "DROP" || target === "NOTRACK" || (target === "CT" && !options.has("--helper"));
  return [...afterTaking(rules, takes)].flatMap(({ match, target, options }) => {
    const attaches = options.get("--helper");
    return target === "CT" && attaches !== undefined ? [{ ...match, chain, attaches }] : [];
  });
}

const natTargets: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "DNAT", "REDIRECT", "SNAT", "MASQUERADE"]);

/** NAT rules of a chain; an ACCEPT among them exempts packets from all that follow. */
function natRules(table: SavedTable | undefined, chain: string): ReachedRule[] {
  const { rules, last } = reachedRules(table, chain, (target) => natTargets.has(target));
  const all = last === null ? rules : [...rules, last];
  return [...afterTaking(all, ({ target }) => target === "ACCEPT" || target === "DROP")];
}

function destinationNatsIn(table: SavedTable | undefined): DestinationNat[] {
  return natRules(table, "PREROUTING").flatMap(({ match, target, options }): DestinationNat[] => {
    if (target === "REDIRECT") {
      const ports = options.get("--to-ports");
      const toPorts = ports === undefined ? null : readTargetPorts(ports);
      return [
        {
          ...match,
          conditional: match.conditional || toPorts === undefined,
          toAddress: null,
          toPorts: toPorts ?? null,
        },
      ];
    }
    if (target !== "DNAT") return [];
    const to = readTarget(options.get("--to-destination"));
    return [{ ...match, conditional: match.conditional || !to.plain, toAddress: to.address, toPorts: to.ports }];
  });
}

function sourceNatsIn(table: SavedTable | undefined): SourceNat[] {
  return natRules(table, "POSTROUTING").flatMap(({ match, target, options }): SourceNat[] => {
    if (target === "MASQUERADE") return [{ ...match, kind: target, toAddress: null }];
    if (target !== "SNAT") return [];
    return [{ ...match, kind: target, toAddress: readTarget(options.get("--to-source")).address }];
  });
}

type Target = {
  readonly address: string | null;
  readonly ports: PortRange | null;
  /** Nothing but one address and its ports, all of it read. */
  readonly plain: boolean;
};

/** `192.0.2.1`, `192.0.2.1:50000-50999`, `[2001:db8::1]:21`, `:2121`; of a range of addresses the first. */
function readTarget(text: string | undefined): Target {
  const nothing: Target = { address: null, ports: null, plain: false };
  if (text === undefined || text.length > 200) return nothing;
  const [, bracketed, bare, portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::([^:]*))?$/.exec(text) ?? [];
  // IPv6 without ports goes without brackets.
  const [addresses = "", ports] =
    bracketed === undefined && bare === undefined ? [text] : [bracketed ?? bare, portText];
  const [first = "", ...others] = addresses.split("-");
  const address = readAddress(first);
  const toPorts = ports === undefined ? null : readTargetPorts(ports);
  const known = address !== null || (addresses === "" && ports !== undefined);
  return { address, ports: toPorts ?? null, plain: known && others.length === 0 && toPorts !== undefined };
}

/** `2121` or `50000-50999`; `undefined` when it cannot be read, shifted ranges (`50000-50999/60000`) included. */
function readTargetPorts(text: string): PortRange | undefined {
  return /^\d+(-\d+)?$/.test(text) ? readPortRanges(text.replace("-", ":"))?.[0] : undefined;
}

const filterVerdicts: readonly string[] = ["ACCEPT", "DROP", "REJECT"] satisfies Verdict[];

function isVerdict(target: string): target is Verdict {
  return filterVerdicts.includes(target);
}

function filterChain(table: SavedTable | undefined, chain: string): FilterChain {
  const policy = table?.policies.get(chain) === "DROP" ? "DROP" : "ACCEPT";
  const way = reachedRules(table, chain, isVerdict);
  const rules = way.rules.flatMap(({ match, target }) => (isVerdict(target) ? [{ ...match, verdict: target }] : []));
  const rest = way.last !== null && isVerdict(way.last.target) ? way.last.target : policy;
  const related = way.unsure ? "conditional" : relatedIn(rules, rest);
  return { policy, rest, rules, related, accepted: acceptedIn(rules) };
}

/** The first packet of a data connection that the helper announced: its port is never a privileged one. */
const announced: RuleMatch = { ...anyConnection, states: ["RELATED"], ports: [{ first: 1024, last: 65535 }] };

function relatedIn(rules: readonly FilterRule[], rest: Verdict): FilterChain["related"] {
  let accepted = false;
  let blocked = false;
  const whole = (accepts: boolean): FilterChain["related"] => {
    if (accepts ? blocked : accepted) return "conditional";
    return accepts ? "accepted" : "blocked";
  };
  for (const { verdict, ...match } of rules) {
    if (match.helper !== null && !/^ftp(-\d+)?$/.test(match.helper)) continue;
    const shared = bothMatches(announced, { ...match, helper: null });
    if (shared === null) continue;
    const accepts = verdict === "ACCEPT";
    const wanted = {
      ...shared,
      states: null,
      ports: coversPorts(match.ports, { first: 1024, last: 65535 }) ? null : shared.ports,
    };
    if (isUniversal(wanted)) return whole(accepts);
    if (accepts) accepted = true;
    else blocked = true;
  }
  return whole(rest === "ACCEPT");
}

/** More blocking rules than this are not compared one by one with each rule after them. */
const mostCompared = 32;

function acceptedIn(rules: readonly FilterRule[]): FilterRule[] {
  const blocks: RuleMatch[] = [];
  return rules.flatMap((rule) => {
    // A connection that a helper announced is never NEW.
    if (rule.helper !== null || rule.states?.includes("NEW") === false) return [];
    const { verdict, ...match } = rule;
    const asNew = { ...match, states: ["NEW"] };
    if (verdict !== "ACCEPT") {
      blocks.push(asNew);
      return [];
    }
    const mayBeBlocked = blocks.length > mostCompared || blocks.some((block) => bothMatches(block, asNew) !== null);
    return [{ ...rule, conditional: rule.conditional || mayBeBlocked }];
  });
}
