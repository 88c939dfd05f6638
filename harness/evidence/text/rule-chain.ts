import { anyConnection, bothMatches, isUniversal, type RuleMatch } from "./rule-match";
import { passingTargets, readRule, type Rule, type WhichPacket } from "./rule-words";
import type { SavedTable } from "./saved-rules";

/** A rule with all that was asked on the way to it. */
export type ReachedRule = Pick<Rule, "match" | "options" | "place" | "text"> & { readonly target: string };

/** Rules by chain, whatever language they are written in. */
export type RuleSource = {
  readonly isChain: (target: string) => boolean;
  readonly rulesOf: (chain: string) => readonly Rule[];
  /** Of all chains together. */
  readonly total: number;
};

/** A packet's way through a base chain and the chains that it jumps to. */
export type ChainWay = {
  /** In the order in which a packet meets them; without those that no packet can meet, and without `last`. */
  readonly rules: readonly ReachedRule[];
  /** The rule that ends the way of every packet left; `null` when the policy does. */
  readonly last: ReachedRule | null;
  /** Some packets may have gone another way: through an unknown target, or past rules that were too many to read. */
  readonly unsure: boolean;
};

type Walk = Pick<RuleSource, "isChain" | "rulesOf"> & {
  readonly ends: (target: string) => boolean;
  readonly reached: ReachedRule[];
  last: ReachedRule | null;
  unsure: boolean;
  /** Rules that may still be looked at: chains that jump to chains could multiply them without end. */
  budget: number;
};

/** Deeper than any kernel lets chains jump. */
const deepest = 32;

/** The rules of a table of iptables that such a packet may meet. */
export function savedRules({ policies, chains }: SavedTable, which: WhichPacket = "first"): RuleSource {
  const read = new Map<string, readonly Rule[]>();
  return {
    isChain: (target) => policies.has(target) || chains.has(target),
    rulesOf: (name) => {
      const rules =
        read.get(name) ??
        (chains.get(name) ?? []).flatMap((words) => {
          const known = readBefore[which].get(words);
          const rule = known === undefined ? readRule(words, which) : known;
          readBefore[which].set(words, rule);
          return rule === null ? [] : [{ ...rule, text: `-A ${name} ${words.map(quoted).join(" ")}` }];
        });
      read.set(name, rules);
      return rules;
    },
    total: [...chains.values()].reduce((sum, rules) => sum + rules.length, 0),
  };
}

/** What was read of a rule once: the same tables are read again with a rule more or less. */
const readBefore: Readonly<Record<WhichPacket, WeakMap<readonly string[], Rule | null>>> = {
  first: new WeakMap(),
  later: new WeakMap(),
};

function quoted(word: string): string {
  return word === "" || /\s/.test(word) ? JSON.stringify(word) : word;
}

/** Follows a packet from rule to rule; `ends` says which targets let nothing go on. */
export function reachedRules(source: RuleSource, chain: string, ends: (target: string) => boolean): ChainWay {
  const walk: Walk = { ...source, ends, reached: [], last: null, unsure: false, budget: 4 * source.total + 1000 };
  visit(walk, chain, anyConnection, 0);
  return { rules: walk.reached, last: walk.last, unsure: walk.unsure };
}

/** Whether the chain surely lets nothing return to its caller. */
function visit(walk: Walk, chain: string, context: RuleMatch, depth: number): boolean {
  // Rules behind a RETURN see only some of the packets that they ask for.
  const returned: RuleMatch[] = [];
  for (const rule of walk.rulesOf(chain)) {
    walk.budget -= 1;
    if (walk.budget < 0 || depth > deepest) {
      walk.unsure = true;
      return false;
    }
    const { target, isGoto } = rule;
    const mayBeGone = meetsOneOf(returned, rule.match);
    const match = bothMatches(context, { ...rule.match, conditional: rule.match.conditional || mayBeGone });
    if (match === null || target === null) continue;
    const everything = isUniversal(rule.match) && !mayBeGone;
    if (target === "RETURN") {
      if (everything) return false;
      returned.push(rule.match);
    } else if (walk.isChain(target)) {
      const ended = visit(walk, target, match, depth + 1);
      if (everything && (ended || isGoto)) return ended;
      if (isGoto) returned.push(rule.match);
    } else if (everything && walk.ends(target) && isUniversal(context)) {
      walk.last = { ...rule, match, target };
      return true;
    } else {
      walk.reached.push({ ...rule, match: { ...match, conditional: match.conditional || walk.unsure }, target });
      if (walk.ends(target)) {
        if (everything) return true;
      } else if (!passingTargets.has(target)) walk.unsure = true;
    }
  }
  return false;
}

/** More rules than this are not compared one by one with each rule after them. */
const mostCompared = 32;

/** Whether some packet may meet both the rule and one of the others. */
function meetsOneOf(others: readonly RuleMatch[], match: RuleMatch): boolean {
  return others.length > mostCompared || others.some((other) => bothMatches(other, match) !== null);
}

/** Marks new connections' rules that stand behind one which takes some of their packets away for good. */
export function* afterTaking<Item extends { readonly match: RuleMatch; readonly target: string }>(
  rules: readonly Item[],
  takes: (rule: Item) => boolean,
): Generator<Item> {
  const taken: RuleMatch[] = [];
  for (const rule of rules) {
    const asNew = bothMatches(rule.match, { ...anyConnection, states: ["NEW"] });
    const mayBeTaken = asNew !== null && meetsOneOf(taken, asNew);
    yield mayBeTaken ? { ...rule, match: { ...rule.match, conditional: true } } : rule;
    if (takes(rule)) taken.push(rule.match);
  }
}
