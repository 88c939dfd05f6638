import { dataVerbs } from "../../ftp/dialogue";
import type { LogLine } from "../../model/symptom";
import { namesEndpoint } from "./dialling";
import type { LogFormat } from "./format";

/** Where a client says that it begins: what it then remarks is of the next session. */
const connecting = /^(?:Connecting to|Connected to|Trying|Resolving|Looking up)\b/i;

/**
 * The sessions that a log tells one after another, in its order. One begins with a greeting, with a login after another one, or, where a
 * format shows neither, with what its client says then. A transfer that is tried again in another way counts as a session of its own.
 */
export function sessionsIn(format: LogFormat, lines: readonly LogLine[]): readonly (readonly LogLine[])[] {
  const sessions: LogLine[][] = [[]];
  let seen = begunWith([]);
  for (const [index, line] of lines.entries()) {
    const current = sessions.at(-1) ?? [];
    const before = lines[index - 1];
    if (before?.direction === "*" && format.ends?.test(before.text) === true && !format.ends.test(line.text)) {
      sessions.push([]);
      seen = begunWith([]);
    } else if (isAnother(format, line, seen)) {
      sessions.push(remarksBefore(current));
      seen = begunWith([]);
    } else if (seen.cameToNothing && arranges(line)) {
      const entry = current.slice(0, Math.min(current.findIndex(arranges), longestEntry));
      sessions.push(entry);
      seen = begunWith(entry);
    }
    sessions.at(-1)?.push(line);
    note(format, line, seen);
  }
  return sessions;
}

const prompt = "ftp> ";

/** Whether it begins with what a person typed at a classic client's prompt. */
export function isTyped([first]: readonly LogLine[]): boolean {
  return first?.direction === "*" && first.text.startsWith(prompt);
}

/** A classic client's transcript behind another program's dialogue: the first prompt stands where that has had a data command already. */
export function byProgram(lines: readonly LogLine[]): readonly (readonly LogLine[])[] {
  const typed = lines.findIndex(({ direction, text }) => direction === "*" && text.startsWith(prompt));
  const isAfterOther = typed > 0 && lines.slice(0, typed).some(arranges);
  return isAfterOther ? [lines.slice(0, typed), lines.slice(typed)] : [lines];
}

/** A login with all that comes before the first data command is shorter; what is tried again and again is told with no more of it. */
const longestEntry = 60;

/** What of a session has been seen so far. */
type Seen = {
  /** A line of the dialogue. */
  isBegun: boolean;
  /** A command, or a reply that is no greeting. */
  isUnderWay: boolean;
  isGreeted: boolean;
  /** A reply that is no greeting, or a second command. */
  isAnswered: boolean;
  isLoggedIn: boolean;
  lastCommand: string;
  hasArranged: boolean;
  /** The last data command led to no data connection. */
  cameToNothing: boolean;
};

function begunWith(entry: readonly LogLine[]): Seen {
  return {
    isBegun: entry.some(({ direction }) => direction !== "*"),
    isUnderWay: entry.some(({ direction }) => direction === ">"),
    isGreeted: entry.some(({ text }) => text.startsWith("220")),
    isAnswered: entry.some(isAnswer),
    isLoggedIn: entry.some(({ text }) => text.startsWith("230")),
    lastCommand: entry.findLast(({ direction }) => direction === ">")?.text ?? "",
    hasArranged: false,
    cameToNothing: false,
  };
}

function note({ complaint, goesOn }: LogFormat, line: LogLine, seen: Seen): void {
  const { direction, text } = line;
  if (direction !== "*") seen.isBegun = true;
  if (direction === ">" || isAnswer(line)) seen.isUnderWay = true;
  if (direction === "<" && /^220[ -]/.test(text)) seen.isGreeted = true;
  if (isAnswer(line) || (direction === ">" && seen.lastCommand !== "")) seen.isAnswered = true;
  if (direction === ">") seen.lastCommand = text;
  if (text.startsWith("230")) seen.isLoggedIn = true;
  if (arranges(line)) {
    seen.hasArranged = true;
    seen.cameToNothing = false;
  } else if (seen.hasArranged && direction !== ">") {
    const isNone = /^(?:42[56]|522)\b/.test(text) || (/^22[79] /.test(text) && !namesEndpoint(text));
    seen.cameToNothing ||= direction === "*" ? complaint.test(text) : isNone;
    if (direction === "*" && goesOn?.test(text) === true) seen.cameToNothing = false;
  }
}

function isAnother({ begins }: LogFormat, { direction, text }: LogLine, seen: Seen): boolean {
  if (begins !== undefined) return begins.test(text) && seen.isBegun;
  // Some print the greeting behind the first command.
  if (direction === "<") return /^220[ -]/.test(text) && seen.isUnderWay && (seen.isGreeted || seen.isAnswered);
  if (!/^(?:USER|PASS)\b/i.test(text)) return false;
  const isSecondStep = /^PASS/i.test(text) && /^USER\b/i.test(seen.lastCommand);
  return !isSecondStep && (seen.isLoggedIn || seen.hasArranged);
}

function arranges({ direction, text }: LogLine): boolean {
  return direction === ">" && dataVerbs.includes(text.slice(0, 4).toUpperCase());
}

function isAnswer({ direction, text }: LogLine): boolean {
  return direction === "<" && /^\d{3} /.test(text) && !text.startsWith("220");
}

/** Takes the remarks that lead to a greeting from the session before it. */
function remarksBefore(session: LogLine[]): LogLine[] {
  const end = session.findLastIndex(({ direction }) => direction !== "*") + 1;
  const first = session.slice(end).findIndex(({ text }) => connecting.test(text));
  return first < 0 ? [] : session.splice(end + first);
}
