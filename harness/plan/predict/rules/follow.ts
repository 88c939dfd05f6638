import { passingTargets, type Rule } from "../../../evidence/text/rule-words";
import type { RuleSource } from "../../../evidence/text/rule-chain";
import { meets, type Packet } from "./packet";

/** How a packet may leave a chain: by a rule with a target, or by none, so that the caller or the policy goes on. */
export type Ending = { readonly rule: Rule & { readonly target: string } } | { readonly rule: null };

/** A helper that a CT target attaches, `null` if it attaches none; the first that is met counts. */
export type Attached = { readonly helper: string | null; readonly isSure: boolean; readonly rule: Rule };

export type Fate = {
  /** Each way that is possible; one where everything is read. */
  readonly endings: readonly Ending[];
  /** The first rule of which it is unknown whether it matches, or what it does. */
  readonly doubt: Rule | null;
  readonly attached: readonly Attached[];
};

/** Deeper than any kernel lets chains jump, and more rules than one packet is worth. */
const deepest = 32;
const mostRules = 500_000;

/** Follows a packet from rule to rule through a chain and those that it jumps to. */
export function follow(source: RuleSource, chain: string, packet: Packet): Fate {
  return visit({ source, packet, left: mostRules }, chain, 0);
}

type Way = { readonly source: RuleSource; readonly packet: Packet; left: number };

function visit(way: Way, chain: string, depth: number): Fate {
  const endings: Ending[] = [];
  const attached: Attached[] = [];
  let doubt: Rule | null = null;
  for (const rule of way.source.rulesOf(chain)) {
    way.left -= 1;
    if (way.left < 0 || depth > deepest)
      return { endings: [...endings, { rule: null }, unread(rule)], doubt: rule, attached };
    const { target } = rule;
    if (target === null) continue;
    const met = meets(rule.match, way.packet);
    if (met === "no") continue;
    const isSure = met === "yes" && endings.length === 0;
    if (target === "CT" || target === "NOTRACK") {
      attached.push({ helper: rule.options.get("--helper") ?? null, isSure, rule });
      continue;
    }
    if (passingTargets.has(target)) continue;
    const fate = fateOf(way, rule, target, depth);
    attached.push(...fate.attached.map((one) => ({ ...one, isSure: one.isSure && isSure })));
    endings.push(...fate.endings);
    if (met === "maybe") doubt ??= rule;
    doubt ??= fate.doubt;
    if (met === "yes" && !fate.goesOn) return { endings, doubt, attached };
  }
  return { endings: [...endings, { rule: null }], doubt, attached };
}

type RuleFate = Fate & { readonly goesOn: boolean };

/** What a rule does with a packet that meets it; `goesOn` where the next rule may see it too. */
function fateOf(way: Way, rule: Rule, target: string, depth: number): RuleFate {
  if (target === "RETURN") return { endings: [{ rule: null }], doubt: null, attached: [], goesOn: false };
  if (way.source.isChain(target)) {
    const inner = visit(way, target, depth + 1);
    const goesOn = !rule.isGoto && inner.endings.some((ending) => ending.rule === null);
    const endings = rule.isGoto ? inner.endings : inner.endings.filter((ending) => ending.rule !== null);
    return { ...inner, endings, goesOn };
  }
  const isRead = readTargets.has(target);
  return { endings: [{ rule: { ...rule, target } }], doubt: isRead ? null : rule, attached: [], goesOn: false };
}

const readTargets: ReadonlySet<string> = new Set([
  ...["ACCEPT", "DROP", "REJECT", "DNAT", "REDIRECT", "SNAT", "MASQUERADE"],
]);

/** Stands for whatever the rules that were not looked at may do. */
function unread(rule: Rule): Ending {
  return { rule: { ...rule, target: "(not read)" } };
}
