/** How facts are picked and quoted. */
import type { PastedFact } from "../../model/symptom";
import type { Reading, Votes } from "./clue";
import { quoteOf, type Scene } from "./scene";

export function ofKind<Kind extends PastedFact["kind"]>(
  { facts }: Scene,
  kind: Kind,
): readonly Extract<PastedFact, { kind: Kind }>[] {
  return facts.filter((fact): fact is Extract<PastedFact, { kind: Kind }> => fact.kind === kind);
}

export const isHigh = (port: number | null): boolean => port !== null && port >= 1024;
export const isControl = (port: number | null): boolean => port === 21 || port === 990;

/** What facts mean, if there are any. */
export function readingOf(meaning: string, facts: readonly PastedFact[], votes: Votes): readonly Reading[] {
  return facts.length === 0 ? [] : [{ meaning, lines: facts.slice(0, 2).map(quoteOf), votes }];
}
