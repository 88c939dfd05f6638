import type { Confidence, Diagnosis } from "../../model/diagnosis";
import type { BreakHand, BreakPlace, FirstBreak } from "../../model/first-break";
import type { InjectedRule, Truth } from "./kinds/definition";

/** What the diagnosis said of a fault's cell. */
export type Said = {
  /** Of the root; `lab-error` where the run took the lab for broken. */
  readonly cause: string;
  readonly confidence: Confidence | null;
  readonly firstBreak: FirstBreak | null;
};

/** What a run came to say. */
export function saidBy(diagnosis: Diagnosis & { readonly firstBreak?: FirstBreak | null }, isLabError: boolean): Said {
  const [root] = diagnosis.findings;
  const firstBreak = diagnosis.firstBreak ?? null;
  if (isLabError || root === undefined) return { cause: "lab-error", confidence: null, firstBreak };
  return { cause: root.cause, confidence: root.confidence, firstBreak };
}

/** The injected rule, as the kernel has it. */
export type RuleText = InjectedRule & { readonly text: string };

export const grades = ["right", "wrong", "unknown"] as const;
export type Grade = (typeof grades)[number];

/** A grade, and why it is not better. */
export type Graded = { readonly grade: Grade; readonly why: string | null };

/** Whether a wrong cause was told as one that is on record. */
export function isToldAsShown({ confidence }: Said, { grade: found }: Graded): boolean {
  return found === "wrong" && (confidence === "shown" || confidence === "proven");
}

/** Compares what was said with what is known. */
export function grade(said: Said, truth: Truth, rule: RuleText | null): Graded {
  if (said.cause === "unknown" || said.cause === "lab-error") return { grade: "unknown", why: null };
  if (!truth.causes.some((cause) => cause === said.cause)) return { grade: "wrong", why: "another cause" };
  const { firstBreak } = said;
  if (firstBreak === null) return { grade: "right", why: null };
  const places = placesNamed(firstBreak.place, firstBreak.hand);
  if (truth.nodes.length > 0 && places.length > 0 && !places.some((node) => truth.nodes.includes(node))) {
    return { grade: "wrong", why: `the break is placed at ${places.join(", ")}` };
  }
  if (!truth.quotesRule || rule === null) return { grade: "right", why: null };
  const quoted = isQuoted(firstBreak.hand, rule);
  return quoted
    ? { grade: "right", why: null }
    : { grade: "wrong", why: `the rule is not quoted: ${handText(firstBreak.hand)}` };
}

function placesNamed(place: BreakPlace | null, hand: BreakHand): readonly string[] {
  const own =
    place === null ? [] : place.kind === "node" ? [place.node] : [place.from, ...(place.to === null ? [] : [place.to])];
  return [...own, ...("node" in hand ? [hand.node] : [])];
}

/** The same chain, and nothing but words that both have: each program writes a rule in its own way. */
function isQuoted(hand: BreakHand, { chains, text }: RuleText): boolean {
  if (hand.kind !== "rule" || !chains.includes(hand.chain)) return false;
  const [quoted, real] = [wordsOf(hand.rule), wordsOf(text)];
  const shared = [...quoted].filter((word) => real.has(word)).length;
  return shared >= Math.min(quoted.size, real.size) * 0.6;
}

function wordsOf(rule: string): ReadonlySet<string> {
  return new Set(
    rule
      .toLowerCase()
      .split(/[^\w.:/!-]+/)
      .filter((word) => word !== "" && word !== "-a"),
  );
}

/** A hand in a few words. */
export function handText(hand: BreakHand): string {
  switch (hand.kind) {
    case "rule":
      return `${hand.node} ${hand.table}/${hand.chain} ${hand.rule}`;
    case "policy":
      return `policy of ${hand.node} ${hand.table}/${hand.chain}`;
    case "server":
    case "client":
      return `${hand.kind}: ${hand.words ?? ""}`;
    case "unknown":
      return "nobody known";
    default:
      return `${hand.kind} at ${hand.node}`;
  }
}
