import type { LogLine, Place } from "../../model/symptom";
import type { LogFormat } from "./format";
import { basicFtp, nodeFtp } from "./formats/arrows";
import { bare } from "./formats/bare";
import { curl } from "./formats/curl";
import { filezilla } from "./formats/filezilla";
import { fluentFtp } from "./formats/fluentftp";
import { labelled } from "./formats/labelled";
import { lftp } from "./formats/lftp";
import { ftplib } from "./formats/ftplib";
import { netFtp } from "./formats/net-ftp";
import { php } from "./formats/php";
import { wget } from "./formats/wget";
import { winscp } from "./formats/winscp";
import { mentionsFtp, speaksFtp } from "./is-ftp";
import { endingOfMessage } from "./lone-ending";
import { saidElsewhere } from "./system-words";
import { unwrapped, type Numbered } from "./wrapping";

/** Every log format; what has the same dialogue is told apart by its signature, so the plainest comes last. */
export const logFormats: readonly LogFormat[] = [
  filezilla,
  fluentFtp,
  curl,
  lftp,
  ftplib,
  netFtp,
  winscp,
  wget,
  nodeFtp,
  basicFtp,
  php,
  labelled,
  bare,
];

/** A log's lines that speak of the session, and the format that they were read in. */
export type PastedLog = {
  readonly format: LogFormat;
  readonly lines: readonly LogLine[];
  /** Where the format's own words stand first; `null` where it has none. */
  readonly signed?: Place | null;
  /** Where the person who pasted it says that it hangs. */
  readonly waiting?: Place | null;
};

/** Reads a pasted log: Markdown around it, quoting, prompts and time stamps are taken off. `null` where nothing in it is of FTP. */
export function readLog(text: string): PastedLog | null {
  const lines = unwrapped(text);
  const format = formatOf(lines);
  const read = readIn(format, lines);
  if (
    read.length === 0 ||
    (format.id === bare.id && !read.some(isOfSession) && !(read.some(tells) && lines.some(names)))
  )
    return null;
  if (
    !speaksFtp(
      format,
      read,
      lines.map(({ text: line }) => line),
    )
  ) {
    return null;
  }
  const signed = lines.find(({ text: line }) => format.signature.test(line));
  return {
    format,
    lines: read,
    signed: signed === undefined ? null : { line: signed.number },
    waiting: waitingIn(lines, read),
  };
}

/** A log says within a few thousand lines whose it is. */
const sampleLength = 3_000;

function formatOf(lines: readonly Numbered[]): LogFormat {
  const sample =
    lines.length <= 2 * sampleLength ? lines : [...lines.slice(0, sampleLength), ...lines.slice(-sampleLength)];
  const texts = sample.map(({ text }) => text);
  const formats = logFormats.flatMap((format) =>
    format.forText === undefined ? format : (format.forText(texts) ?? []),
  );
  const readings = formats.map((format) => {
    const said = readIn(format, sample).filter(({ direction }) => direction !== "*").length;
    const signed = signaturesOf(format, sample);
    return { format, said, signed, weight: signed * 1000 + said };
  });
  const plain = readings.find(({ format }) => format === bare);
  // What no line has the marks of is of no program in particular.
  const known = readings.filter(({ signed }) => signed > 0);
  if (plain === undefined || known.length === 0) return bare;
  const best = known.reduce((one, other) => (other.weight > one.weight ? other : one));
  return plain.said > Math.max(1, 2 * best.said) ? withPlainDialogue(best.format) : best.format;
}

/** A program's remarks in a dialogue that somebody wrote down without its marks. */
function withPlainDialogue(format: LogFormat): LogFormat {
  return {
    ...format,
    read: (line) => {
      const plain = [bare.read(line) ?? []].flat().filter(({ direction }) => direction !== "*");
      return plain.length > 0 ? plain : format.read(line);
    },
  };
}

function readIn(format: LogFormat, lines: readonly Numbered[]): readonly LogLine[] {
  const read = lines.flatMap(({ text: line, number }): LogLine[] => {
    return [format.read(line) ?? []].flat().map((said) => ({ ...said, text: masked(said), line: number }));
  });
  return format.id === bare.id ? withoutHeading(withoutReplyLines(read)) : read;
}

/** How a program's message begins. */
const program = /^(?:[\w./-]+|(?:\w+ ){0,2}\w*(?:Error|Exception)): /;

/** Without what stands before the dialogue as a sentence of the person who pasted it, such as `Unable to connect`. */
function withoutHeading(lines: readonly LogLine[]): readonly LogLine[] {
  const first = lines.findIndex(({ direction }) => direction !== "*");
  return lines.filter(({ text }, index) => index >= first || !bare.complaint.test(text) || program.test(text));
}

/** An error of which nothing says that it is one of FTP is none. */
function isOfSession({ direction, text }: LogLine): boolean {
  return direction !== "*" || endingOfMessage(text) !== null || /connect/i.test(text) || mentionsFtp(text);
}

/** A system's or a TLS library's word for what failed is one of FTP where the lines around it name that, such as a trace of a client's functions. */
function tells({ text }: LogLine): boolean {
  return (
    /no route|unreachable|certificate|handshake|\b(?:SSL|TLS)\b|Unknown ?host/i.test(text) || saidElsewhere.test(text)
  );
}

function names({ text }: Numbered): boolean {
  return mentionsFtp(text);
}

function signaturesOf({ signature, extends: base }: LogFormat, lines: readonly Numbered[]): number {
  const own = lines.filter(({ text }) => signature.test(text)).length;
  return own > 0 && base !== undefined ? own + signaturesOf(base, lines) : own;
}

/** Without commands that are lines of a reply (RFC 959 section 4.2): FEAT's answer is a list of such. */
function withoutReplyLines(lines: readonly LogLine[]): readonly LogLine[] {
  const ends = endsOfReplies(lines);
  let end = -1;
  return lines.filter(({ direction }, index) => {
    if (direction === "<" && index > end) end = ends[index] ?? end;
    return direction !== ">" || index > end;
  });
}

/** For the first line of each reply of several lines, where it ends. */
function endsOfReplies(lines: readonly LogLine[]): readonly (number | undefined)[] {
  const last = new Map<string, number>();
  const ends: (number | undefined)[] = lines.map(() => undefined);
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const { direction, text } = lines[index] ?? { direction: "*", text: "" };
    // Some servers write the code of a reply before its first line, which has it already.
    const [, code = "", sign] = /^(\d{3})(?: \1(?=-))?([ -]|$)/.exec(text) ?? [];
    if (direction !== "<" || code === "") continue;
    if (sign === "-") ends[index] = last.get(code);
    else last.set(code, index);
  }
  return ends;
}

/** How people say that nothing more comes. */
const hangs =
  /\b(?:hangs?|hung|stuck|freezes?|frozen|stalls?|nothing (?:more )?happens|no (?:more|further) output|never (?:returns|finishes|ends|completes|answers)|times? out|timed out|waits? forever|time-?outs?(?! ?[:=]))\b/i;

function waitingIn(lines: readonly Numbered[], read: readonly LogLine[]): Place | null {
  const places = new Set(read.map(({ line }) => line));
  const said = lines.find(({ text, number }) => !places.has(number) && hangs.test(text));
  return said === undefined ? null : { line: said.number };
}

/** Without passwords, those in addresses included. */
export function masked({ direction, text }: Pick<LogLine, "direction" | "text">): string {
  const shown = text.replace(/:\/\/([^\s:/@]{0,80}):[^\s/@]{0,80}@/g, "://$1:###@").trimEnd();
  return direction === ">" ? shown.replace(/^PASS\b.*/i, "PASS ###") : shown;
}
