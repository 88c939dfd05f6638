import type { BaseChain, HookName } from "./base-chains";
import { afterTaking, reachedRules, type ReachedRule } from "./rule-chain";
import type { HelperAttachment } from "./rule-match";

/** The priority at which destinations are translated; helpers have to be there before that (nf_nat_core.c). */
const destinationNat = -100;

const hooks: readonly HookName[] = ["PREROUTING", "OUTPUT", "FORWARD", "INPUT"];

/** What attaches helpers, in the order in which a packet meets it; `chains` are in the order of their priorities. */
export function helpersIn(chains: readonly BaseChain[]): readonly HelperAttachment[] {
  return hooks.flatMap((hook) => {
    const rules = chains.filter((chain) => chain.hook === hook && !chain.isNat).flatMap(rulesOf);
    return [...afterTaking(rules, settles)].flatMap((rule): HelperAttachment[] => {
      const { match, target, options, place, priority } = rule;
      const attaches = options.get("--helper");
      if (target !== "CT" || attaches === undefined || hook === "POSTROUTING") return [];
      const isLate = priority > destinationNat || hook === "FORWARD" || hook === "INPUT";
      const more = { ...(place === undefined ? {} : { place }), ...(isLate ? ({ isAfterNat: true } as const) : {}) };
      return [{ ...match, chain: hook, attaches, ...more }];
    });
  });
}

type HookedRule = ReachedRule & { readonly priority: number };

/** ACCEPT ends the way through its own chain, and keeps nothing from the next. */
function rulesOf({ source, name, priority }: BaseChain): readonly HookedRule[] {
  const { rules, last } = reachedRules(source, name, (target) => ends.has(target));
  const all = last === null ? rules : [...rules, last];
  return [...afterTaking(all, ({ target }) => target === "ACCEPT")].map((rule) => ({ ...rule, priority }));
}

const ends: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "REJECT"]);

/** The first CT target settles a connection, so one without a helper keeps later ones from attaching theirs. */
function settles({ target, options }: ReachedRule): boolean {
  return target === "NOTRACK" || (target === "CT" && !options.has("--helper"));
}
