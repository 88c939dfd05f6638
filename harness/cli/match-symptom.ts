import { readFileSync } from "node:fs";
import { candidatesOf, type Candidate } from "../match/candidates";
import { siblingsIn, type OtherSession } from "../match/clues";
import { questionFor } from "../match/question";
import type { KnownCell } from "../match/table";
import { UsageError } from "../model/errors";
import type { MatchQuestion } from "../model/match";
import type { Symptom } from "../model/symptom";

/** The network in which nothing stands between client and server. */
const insideTopology = "direct";

export type SymptomMatch = { readonly candidates: readonly Candidate[]; readonly question: MatchQuestion | null };

/** What would explain a symptom, by all that known cells show, and what to ask. */
export function matchSymptom(
  symptom: Symptom,
  others: readonly OtherSession[],
  cells: readonly KnownCell[],
): SymptomMatch {
  const siblings = siblingsIn(cells, insideTopology);
  const candidates = candidatesOf(symptom, cells, siblings, others);
  const question = questionFor(candidates, siblings);
  return {
    candidates,
    question:
      question === null ? null : { ...question, ifWorks: question.ifWorks.cause, ifFails: question.ifFails.cause },
  };
}

/** More than anybody pastes. */
const mostCharacters = 10_000_000;

/** A pasted text from a file; `-` is standard input. @throws UsageError `unreadable-log` */
export function readPasted(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").slice(0, mostCharacters);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be read: ${why}`, { code: "unreadable-log", cause });
  }
}
