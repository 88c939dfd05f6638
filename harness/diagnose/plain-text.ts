import type { FirstBreak } from "../model/first-break";
import type { Finding, PrintedRemedy, Proof } from "../model/diagnosis";

const longestText = 400;
const longestExplanation = 1000;
const mostProofs = 12;
/** The lines of every server, if it is not known which it is. */
const mostLines = 48;

/** Text for a terminal and a page: one line, no control characters, cut to a length. Evidence may hold anything. */
export function plain(text: string, longest = longestText): string {
  const clean = text.slice(0, longest * 2).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ");
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 3)}...`;
}

/** The same proof need not be told twice, nor more than a person reads. */
export function boundedProofs(proofs: readonly Proof[]): readonly Proof[] {
  const told = new Map(
    proofs.map(({ witness, text }) => [`${witness} ${text}`, { witness: plain(witness, 80), text: plain(text) }]),
  );
  return [...told.values()].slice(0, mostProofs);
}

function boundedRemedy({ id, party, what, lines }: PrintedRemedy): PrintedRemedy {
  return { id, party, what: plain(what), lines: lines.slice(0, mostLines).map((line) => plain(line)) };
}

/** A finding that can be shown as it is. */
export function boundedFinding(finding: Finding): Finding {
  return {
    ...finding,
    explanation: plain(finding.explanation, longestExplanation),
    proofs: boundedProofs(finding.proofs),
    remedies: finding.remedies.slice(0, 8).map(boundedRemedy),
  };
}

/** A first break that can be shown as it is. */
export function boundedBreak(found: FirstBreak | null): FirstBreak | null {
  if (found === null) return null;
  const { thing, hand, sentence, proofs } = found;
  return {
    ...found,
    thing: { ...thing, text: thing.text === null ? null : plain(thing.text) },
    hand:
      hand.kind === "rule"
        ? { ...hand, rule: plain(hand.rule) }
        : hand.kind === "server" || hand.kind === "client"
          ? { ...hand, words: hand.words === null ? null : plain(hand.words) }
          : hand,
    sentence: plain(sentence, longestExplanation),
    proofs: boundedProofs(proofs),
  };
}
