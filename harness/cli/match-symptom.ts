import { readFileSync } from "node:fs";
import { candidatesOf, type Candidate } from "../bugs/match/candidates";
import { insideTopology, siblingsIn, type OtherSession } from "../bugs/match/known-traits";
import { questionFor } from "../bugs/match/question";
import type { KnownCell } from "../bugs/match/table";
import { dataCommands, modes, type DataCommand, type Mode } from "../model/axes";
import { UsageError, messageOf } from "../model/errors";
import type { MatchQuestion } from "../model/match";
import type { Symptom } from "../model/symptom";
import { didYouMean, oneOf } from "../text/nearest";

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
    return decoded(readFileSync(file === "-" ? 0 : file)).slice(-mostCharacters);
  } catch (cause) {
    const why = messageOf(cause);
    throw new UsageError(`${file} cannot be read: ${why}`, { code: "unreadable-log", cause });
  }
}

/** UTF-16 where a byte order mark says so, as Windows' editor and PowerShell write it, else UTF-8. */
function decoded(bytes: Buffer): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** A word of the command line that must be one of these. @throws UsageError `unknown-name` */
export function known<Word extends string>(option: string, word: string, words: readonly Word[]): Word {
  const found = words.find((candidate) => candidate === word);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: there is no \`${word}\`${didYouMean(word, words)}`, {
    code: "unknown-name",
    hint: `It is ${oneOf(words)}.`,
  });
}

/** Sessions as they are typed: `MODE`, `MODE/DATA` or `inside`. @throws UsageError `unknown-name` */
export function sessionsOf(written: readonly string[], worked: boolean): readonly OtherSession[] {
  const option = worked ? "--works" : "--fails";
  return written.map((text) => {
    if (text === "inside") return { mode: null, data: null, inside: true, worked };
    const [mode = "", data] = text.split("/");
    return {
      mode: known<Mode>(option, mode, modes),
      data: data === undefined ? null : known<DataCommand>(option, data, dataCommands),
      inside: false,
      worked,
    };
  });
}
