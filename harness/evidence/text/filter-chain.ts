import type { BaseChain } from "./base-chains";
import type { DestinationNat } from "./nat-rules";
import { reachedRules } from "./rule-chain";
import { anyConnection, bothMatches, coversPorts, isUniversal, type RuleMatch } from "./rule-match";

export type Verdict = "ACCEPT" | "DROP" | "REJECT";

/** A rule that ends a packet's way through the filter. */
export type FilterRule = RuleMatch & { readonly verdict: Verdict };

/** All that filters on a hook, as one chain, with the chains that are jumped to in their places. */
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

const filterVerdicts: readonly string[] = ["ACCEPT", "DROP", "REJECT"] satisfies Verdict[];

function isVerdict(target: string): target is Verdict {
  return filterVerdicts.includes(target);
}

/** One chain, or several that a packet has to pass all. */
type Filter = Pick<FilterChain, "policy" | "rest" | "rules"> & { readonly isUnsure: boolean };

const open: Filter = { policy: "ACCEPT", rest: "ACCEPT", rules: [], isUnsure: false };

/** More pairs of rules than these are not looked at one by one. */
const mostPairs = 100_000;

/** What packets meet on a hook, and on PREROUTING before it; `chains` are in the order of their priorities. */
export function filterOf(
  chains: readonly BaseChain[],
  hook: "FORWARD" | "INPUT",
  destinationNats: readonly DestinationNat[],
): FilterChain {
  const early = chains.filter((chain) => chain.hook === "PREROUTING" && !chain.isNat);
  const own = chains.filter((chain) => chain.hook === hook && !chain.isNat);
  const isTranslated = destinationNats.length > 0;
  const filters = [
    ...early.map((chain) => earlyFilter(chain, isTranslated && chain.priority < -100)),
    ...own.map((chain) => readFilter(chain, destinationNats)),
  ];
  const { policy, rest, rules, isUnsure } = filters.reduce(inTurn, open);
  const related = isUnsure ? "conditional" : relatedIn(rules, rest);
  return { policy, rest, rules, related, accepted: acceptedIn(rules) };
}

/** Whether a chain has a rule, or a policy, that may stop a packet. */
export function mayBlock(chain: BaseChain): boolean {
  const { rules, rest } = readFilter(chain, []);
  return rest !== "ACCEPT" || rules.some(({ verdict }) => verdict !== "ACCEPT");
}

function readFilter({ source, name, policy }: BaseChain, destinationNats: readonly DestinationNat[]): Filter {
  const way = reachedRules(source, name, isVerdict);
  const rules = way.rules.flatMap(({ match, target }) =>
    isVerdict(target) ? forwarded({ ...match, verdict: target }, destinationNats) : [],
  );
  const rest = way.last !== null && isVerdict(way.last.target) ? way.last.target : policy;
  return { policy, rest, rules, isUnsure: way.unsure };
}

/** What is asked before the destination is translated says little of what is asked after. */
function earlyFilter(chain: BaseChain, isBeforeNat: boolean): Filter {
  const { rules, ...filter } = readFilter(chain, []);
  const asksDestination = ({ destination, ports }: RuleMatch): boolean => destination !== null || ports !== null;
  return {
    ...filter,
    rules: rules.map((rule) =>
      isBeforeNat && asksDestination(rule) ? { ...rule, destination: null, ports: null, conditional: true } : rule,
    ),
  };
}

/** A rule for what has been forwarded, as rules for each place to which connections are forwarded. */
function forwarded({ isForwarded, ...rule }: FilterRule, destinationNats: readonly DestinationNat[]): FilterRule[] {
  if (isForwarded !== true) return [rule];
  const { verdict } = rule;
  const places = destinationNats.flatMap(({ toAddress, toPorts, ports, inLink, source, conditional }): FilterRule[] => {
    const arrived = {
      ...{ ...anyConnection, inLink, source, conditional, states: ["NEW"] },
      ...{ destination: toAddress, ports: toPorts === null ? ports : [toPorts] },
    };
    const both = bothMatches(rule, arrived);
    return both === null ? [] : [{ ...both, verdict }];
  });
  // A connection that a helper expects is forwarded as its control connection was.
  const announced = bothMatches(rule, { ...anyConnection, states: ["RELATED"], conditional: true });
  return announced === null ? places : [...places, { ...announced, verdict }];
}

/** What ACCEPT lets out of the first chain the second one decides; what the first one blocks stays so. */
function inTurn(first: Filter, second: Filter): Filter {
  const isUnsure = first.isUnsure || second.isUnsure;
  const policy = first.policy === "DROP" ? "DROP" : second.policy;
  if (passesAll(first)) return { ...second, policy, isUnsure };
  if (passesAll(second)) return { ...first, policy, isUnsure };
  if (first.rules.length * second.rules.length > mostPairs) {
    const asConditional = (rule: FilterRule): FilterRule => ({ ...rule, conditional: true });
    const rest = first.rest === "ACCEPT" ? second.rest : first.rest;
    return { policy, rest, rules: [...first.rules, ...second.rules].map(asConditional), isUnsure: true };
  }
  const rules = first.rules.flatMap((rule): readonly FilterRule[] => {
    if (rule.verdict !== "ACCEPT") return [rule];
    const next = second.rules.flatMap(({ verdict, ...asked }): FilterRule[] => {
      const both = bothMatches(rule, asked);
      return both === null ? [] : [{ ...both, verdict }];
    });
    return [...next, { ...rule, verdict: second.rest }];
  });
  return first.rest === "ACCEPT"
    ? { policy, rest: second.rest, rules: [...rules, ...second.rules], isUnsure }
    : { policy, rest: first.rest, rules, isUnsure };
}

function passesAll({ rules, rest }: Filter): boolean {
  return rest === "ACCEPT" && rules.every(({ verdict }) => verdict === "ACCEPT");
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
