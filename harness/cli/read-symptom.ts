import { readPastes, type Paste } from "../bugs/logs/read-pastes";
import { isSftp } from "../bugs/logs/is-ftp";
import { symptomOfPastes } from "../bugs/logs/symptom-of-pastes";
import { othersOf, sessionsSaidIn } from "../bugs/draft/said-sessions";
import { nothingAround, type Surroundings } from "../bugs/clues/scene";
import type { OtherSession } from "../bugs/match/known-traits";
import { nothingKnown, type LogLine, type Symptom } from "../model/symptom";

/** What pastes of one case say together, and what stands around it. */
export type ReadCase = { readonly symptom: Symptom; readonly around: Surroundings };

/** `null` if they say nothing of FTP. */
export function readCase(pastes: readonly Paste[]): ReadCase | null {
  const read = readPastes(pastes);
  if (read !== null) {
    const known = new Set([...read.lines, ...read.facts].map(({ line, paste }) => key(line, paste)));
    const symptom = symptomOfPastes(read);
    const unread = unreadIn(pastes, known);
    const earlier = earlierIn(read.log?.lines ?? [], symptom);
    const software = read.sources.find((source) => source.software !== null)?.software ?? null;
    return { symptom, around: { unread, earlier, said: saidIn(unread, symptom), software } };
  }
  // A word that means failure, in an unknown form, beside the protocol's name.
  const mentions = pastes.some(
    ({ text }) =>
      !isSftp(text) &&
      /(?<![a-z])(?:[a-z]{0,4}(?<![st]))?ftps?(?:lib|client)?(?![a-z])|\b(?:PASV|EPSV)\b|data connection|did not report OK|\bOOPS:|\bclient_handler\.go\b|\bwhile connecting to upstream\b.{1,300}:(?:21|990)\b|\bEZYF[ST]\w{2}E\b/i.test(
        text,
      ),
  );
  return mentions ? { symptom: nothingKnown, around: { ...nothingAround, unread: unreadIn(pastes, new Set()) } } : null;
}

/** What the person who pasted it says of other sessions, line by line; a program's own lines never say that. */
function saidIn(unread: readonly LogLine[], symptom: Symptom): readonly OtherSession[] {
  // People write a few sentences before a log and behind it.
  const told =
    unread.length <= 2 * mostSentences ? unread : [...unread.slice(0, mostSentences), ...unread.slice(-mostSentences)];
  const sessions = told.flatMap(({ text, line }) =>
    text.length > longestSentence || isCommandLine.test(text)
      ? []
      : sessionsSaidIn(text, symptom.client).flatMap(({ session }) => (session === null ? [] : [{ ...session, line }])),
  );
  return othersOf(sessions, symptom).filter(({ worked }) => worked);
}

const longestSentence = 400;
const mostSentences = 100;
/** A shell's prompt, a label, JSON, a table. */
const isCommandLine = /^(?:\S*[$#>]\s|[{[<|*]|\w+=|\S+:\s*\S+$|\d{4}-\d\d-\d\d|.*\s{3,})/;

function earlierIn(lines: readonly LogLine[], { lines: told }: Symptom): readonly LogLine[] {
  const own = new Set(told.map(({ line, paste }) => key(line, paste)));
  const end = Math.min(
    ...told
      .filter(({ direction }) => direction !== "*")
      .map(({ line }) => line)
      .slice(-2),
  );
  return lines.filter(({ line, paste }) => line < end && !own.has(key(line, paste)));
}

function unreadIn(pastes: readonly Paste[], known: ReadonlySet<string>): readonly LogLine[] {
  return pastes.flatMap(({ text }, paste) =>
    text.split(/\r\n|\r|\n/).flatMap((line, index): LogLine[] => {
      const place = pastes.length > 1 ? { line: index + 1, paste } : { line: index + 1 };
      // Of a line of JSON a reader takes one value.
      const isPart = line.startsWith("{");
      const isUnread = line.trim() !== "" && (isPart || !known.has(key(index + 1, pastes.length > 1 ? paste : 0)));
      return isUnread ? [{ direction: "*", text: line.trim().slice(0, longest), ...place }] : [];
    }),
  );
}

/** More than a line of an error has. */
const longest = 1_000;

function key(line: number, paste = 0): string {
  return `${paste}:${line}`;
}
