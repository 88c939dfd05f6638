import { anyConnection, bothMatches, isUniversal, type RuleMatch } from "./rule-match";
import { passingTargets, readRule, type Rule } from "./rule-words";
import type { SavedTable } from "./saved-rules";

/** A rule with all that was asked on the way to it. */
export type ReachedRule = { readonly match: RuleMatch; readonly target: string; readonly options: Rule["options"] };

/** A packet's way through a base chain and the chains that it jumps to. */
export type ChainWay = {
  /** In the order in which a packet meets them; without those that no packet can meet, and without `last`. */
  readonly rules: readonly ReachedRule[];
  /** The rule that ends the way of every packet left; `null` when the policy does. */
  readonly last: ReachedRule | null;
  /** Some packets may have gone another way: through an unknown target, or past rules that were too many to read. */
  readonly unsure: boolean;
};

type Walk = {
  readonly isChain: (target: string) => boolean;
  readonly rulesOf: (chain: string) => readonly Rule[];
  readonly ends: (target: string) => boolean;
  readonly reached: ReachedRule[];
  last: ReachedRule | null;
  unsure: boolean;
  /** Rules that may still be looked at: chains that jump to chains could multiply them without end. */
  budget: number;
};

/** Deeper than any kernel lets chains jump. */
const deepest = 32;

/** Follows a packet from rule to rule; `ends` tells which targets let nothing go on. */
export function reachedRules(
  table: SavedTable | undefined,
  chain: string,
  ends: (target: string) => boolean,
): ChainWay {
  if (table === undefined) return { rules: [], last: null, unsure: false };
  const { policies, chains } = table;
  const read = new Map<string, readonly Rule[]>();
  const rulesOf = (name: string): readonly Rule[] => {
    const rules = read.get(name) ?? (chains.get(name) ?? []).flatMap((words) => readRule(words) ?? []);
    read.set(name, rules);
    return rules;
  };
  const isChain = (target: string): boolean => policies.has(target) || chains.has(target);
  const total = [...chains.values()].reduce((sum, rules) => sum + rules.length, 0);
  const walk: Walk = { isChain, rulesOf, ends, reached: [], last: null, unsure: false, budget: 4 * total + 1000 };
  visit(walk, chain, anyConnection, 0);
  return { rules: walk.reached, last: walk.last, unsure: walk.unsure };
}

/** Whether the chain surely lets nothing return to its caller. */
function visit(walk: Walk, chain: string, context: RuleMatch, depth: number): boolean {
  // Rules behind a RETURN see only some of the packets.
  let returned = false;
  for (const rule of walk.rulesOf(chain)) {
    walk.budget -= 1;
    if (walk.budget < 0 || depth > deepest) {
      walk.unsure = true;
      return false;
    }
    const { target, options, isGoto } = rule;
    const match = bothMatches(context, { ...rule.match, conditional: rule.match.conditional || returned });
    if (match === null || target === null) continue;
    const everything = isUniversal(rule.match) && !returned;
    if (target === "RETURN") {
      if (everything) return false;
      returned = true;
    } else if (walk.isChain(target)) {
      const ended = visit(walk, target, match, depth + 1);
      if (everything && (ended || isGoto)) return ended;
      if (isGoto) returned = true;
    } else if (everything && walk.ends(target) && isUniversal(context)) {
      walk.last = { match, target, options };
      return true;
    } else {
      walk.reached.push({ match: { ...match, conditional: match.conditional || walk.unsure }, target, options });
      if (walk.ends(target)) {
        if (everything) return true;
      } else if (!passingTargets.has(target)) walk.unsure = true;
    }
  }
  return false;
}
