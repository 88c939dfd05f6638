import type { Surroundings } from "../bugs/clues/scene";
import { wantsTls } from "../bugs/clues/tls";
import { candidatesOf, type Candidate } from "../bugs/match/candidates";
import { insideTopology, siblingsIn, type OtherSession } from "../bugs/match/known-traits";
import { curesOf } from "../bugs/match/cures";
import { furtherPastes } from "../bugs/match/further-pastes";
import type { Paste } from "../bugs/logs/read-pastes";
import { questionFor } from "../bugs/match/question";
import { quotedFrom } from "../bugs/match/quote";
import { onlyShown, shownIn } from "../bugs/match/shown";
import { settingOf } from "../bugs/match/setting";
import { titleOf } from "../bugs/match/titles";
import type { KnownCell } from "../bugs/match/table";
import { dataCommands, modes, type DataCommand, type Mode } from "../model/axes";
import { UsageError } from "../model/errors";
import { isProse } from "../bugs/logs/trouble";
import { mostExplained, type MatchQuestion, type MatchReport, type QuotedLine } from "../model/match";
import type { Symptom } from "../model/symptom";
import { didYouMean, oneOf } from "../text/nearest";

export type SymptomMatch = { readonly candidates: readonly Candidate[]; readonly question: MatchQuestion | null };

/** What would explain a symptom, by all that known cells show, and what to ask. */
export function matchSymptom(
  symptom: Symptom,
  others: readonly OtherSession[],
  cells: readonly KnownCell[],
  around?: Surroundings,
): SymptomMatch {
  const siblings = siblingsIn(cells, insideTopology);
  const candidates = candidatesOf(symptom, cells, siblings, others, around);
  const said = [...symptom.lines, ...(around?.unread ?? []), ...(around?.earlier ?? [])];
  const refusesClear = said.some(({ text }) => /\b[45]\d\d\b/.test(text) && wantsTls(text));
  // A person is asked to tell apart what the answer names.
  const question = questionFor(candidates.slice(0, mostExplained), siblings, refusesClear);
  const isAnswered = [...others, ...(around?.said ?? [])].some(
    ({ mode, data, inside }) =>
      inside === question?.inside &&
      (inside || ((mode ?? question.mode) === question.mode && (data ?? question.data) === question.data)),
  );
  return {
    candidates,
    question:
      question === null || isAnswered
        ? null
        : { ...question, ifWorks: question.ifWorks.cause, ifFails: question.ifFails.cause },
  };
}

/** The whole answer: it names no reply, address or port that the pastes do not show. */
export function matchReport(
  symptom: Symptom,
  pastes: readonly Paste[],
  { candidates, question }: SymptomMatch,
): MatchReport {
  const shown = shownIn(
    pastes.map(({ text }) => text),
    symptom,
  );
  const setting = settingOf(
    symptom,
    pastes.map(({ text }) => text),
  );
  const lines = pastes.map(({ text }) => text.split(/\r\n|\r|\n/));
  return {
    symptom,
    pastes: pastes.map(({ name }) => name),
    candidates: candidates.map((candidate) => ({
      ...candidate,
      title: onlyShown(titleOf(candidate.cause, candidate.title, setting), shown),
      because: quotedFrom(candidate.because, lines),
      cells: candidate.cells.map(({ cell }) => cell.id),
      cures: curesOf(candidate, setting, shown),
    })),
    question,
    unknown: unknownTrouble(symptom, lines),
    paste: furtherPastes(candidates, setting),
  };
}

/** What programs put before what went wrong, where no reader has taken the line for a part of the dialogue. */
const trouble = /(?:^|[\s[(|])(?:ERROR|FATAL|CRITICAL)\b|\b\w*Exception\b|^Traceback\b/;

function unknownTrouble(symptom: Symptom, pastes: readonly (readonly string[])[]): QuotedLine | null {
  const read = new Set(symptom.lines.map(({ line, paste = 0 }) => `${paste}/${line}`));
  const [first] = symptom.lines;
  for (const [paste, lines] of pastes.entries()) {
    const from = first !== undefined && (first.paste ?? 0) === paste ? first.line : 0;
    const index = lines.findIndex(
      (text, at) => at >= from && trouble.test(text) && !isProse(text) && !read.has(`${paste}/${at + 1}`),
    );
    if (index >= 0) return { line: index + 1, ...(paste === 0 ? {} : { paste }), text: (lines[index] ?? "").trim() };
  }
  return null;
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
