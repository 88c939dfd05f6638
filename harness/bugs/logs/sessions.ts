import { dataVerbs } from "../../ftp/dialogue";
import type { LogLine } from "../../model/symptom";
import type { LogFormat } from "./format";

/** Where a client says that it begins: what it then remarks is of the next session. */
const connecting = /^(?:Connecting to|Connected to|Trying|Resolving|Looking up)\b/i;

/**
 * The sessions that a log tells one after another, in its order. One begins with a greeting, with a login after another one, or, where a
 * format shows neither, with what its client says then. A transfer that is tried again in another way counts as a session of its own.
 */
export function sessionsIn(format: LogFormat, lines: readonly LogLine[]): readonly (readonly LogLine[])[] {
  const sessions: LogLine[][] = [[]];
  for (const line of lines) {
    const current = sessions.at(-1) ?? [];
    if (isAnother(format, line, current)) sessions.push([...remarksBefore(current), line]);
    else if (isAnotherTry(format, line, current))
      sessions.push([...current.slice(0, current.findIndex(arranges)), line]);
    else current.push(line);
  }
  return sessions;
}

function isAnother({ begins }: LogFormat, { direction, text }: LogLine, session: readonly LogLine[]): boolean {
  if (begins !== undefined) return begins.test(text) && session.some((line) => line.direction !== "*");
  if (direction === "<")
    return /^220[ -]/.test(text) && session.some((line) => line.direction === ">" || isAnswer(line));
  if (!/^(?:USER|PASS)\b/i.test(text)) return false;
  const isSecondStep = /^PASS/i.test(text) && /^USER\b/i.test(lastCommand(session));
  return !isSecondStep && session.some((line) => line.text.startsWith("230") || arranges(line));
}

/** The same login, and another data command after one that came to nothing. */
function isAnotherTry({ complaint }: LogFormat, line: LogLine, session: readonly LogLine[]): boolean {
  const since = session.findLastIndex(arranges);
  if (!arranges(line) || since < 0) return false;
  return session
    .slice(since)
    .some(({ direction, text }) =>
      direction === "*" ? complaint.test(text) : direction === "<" && /^(?:42[56]|522)\b/.test(text),
    );
}

function arranges({ direction, text }: LogLine): boolean {
  return direction === ">" && dataVerbs.includes(text.slice(0, 4).toUpperCase());
}

function isAnswer({ direction, text }: LogLine): boolean {
  return direction === "<" && /^\d{3} /.test(text) && !text.startsWith("220");
}

function lastCommand(session: readonly LogLine[]): string {
  return session.findLast(({ direction }) => direction === ">")?.text ?? "";
}

/** Takes the remarks that lead to a greeting from the session before it. */
function remarksBefore(session: LogLine[]): LogLine[] {
  const end = session.findLastIndex(({ direction }) => direction !== "*") + 1;
  const first = session.slice(end).findIndex(({ text }) => connecting.test(text));
  return first < 0 ? [] : session.splice(end + first);
}
