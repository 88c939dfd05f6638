import type { LogLine } from "../../model/symptom";
import type { LogFormat } from "./format";
import { basicFtp, curl, nodeFtp } from "./formats/arrows";
import { bare } from "./formats/bare";
import { fluentFtp } from "./formats/fluentftp";
import { php } from "./formats/php";
import { filezilla, ftplib, lftp, wget, winscp } from "./formats/labelled";
import { endingOfMessage } from "./lone-ending";
import { unwrapped, type Numbered } from "./wrapping";

/** Every log format; what has the same dialogue is told apart by its signature, so the plainest comes last. */
export const logFormats: readonly LogFormat[] = [
  filezilla,
  fluentFtp,
  curl,
  lftp,
  ftplib,
  winscp,
  wget,
  nodeFtp,
  basicFtp,
  php,
  bare,
];

/** A log's lines that speak of the session, and the format that they were read in; `null` where none is known to be in it. */
export type PastedLog = { readonly format: LogFormat; readonly lines: readonly LogLine[] };

/** Reads a pasted log: Markdown around it, quoting, prompts and time stamps are taken off. */
export function readLog(text: string): PastedLog | null {
  const lines = unwrapped(text);
  const readings = logFormats.map((format) => {
    const read = lines.flatMap(({ text: line, number }): LogLine[] => {
      return [format.read(line) ?? []].flat().map((said) => ({ ...said, text: masked(said), line: number }));
    });
    const found = format === bare ? withoutReplyLines(read) : read;
    const signed = signaturesOf(format, lines);
    return { format, lines: found, weight: signed * 1000 + found.filter(({ direction }) => direction !== "*").length };
  });
  // What every format reads alike is of none in particular.
  const plain = readings.find(({ format }) => format === bare);
  const best = readings.reduce((one, other) =>
    other.weight > one.weight || (other === plain && other.weight === one.weight) ? other : one,
  );
  return best.lines.length === 0 || (best === plain && !best.lines.some(isOfSession))
    ? null
    : { format: best.format, lines: best.lines };
}

/** An error of which nothing says that it is one of FTP is none. */
function isOfSession({ direction, text }: LogLine): boolean {
  return direction !== "*" || endingOfMessage(text) !== null || /\bconnect/i.test(text);
}

function signaturesOf({ signature, extends: base }: LogFormat, lines: readonly Numbered[]): number {
  const own = lines.filter(({ text }) => signature.test(text)).length;
  return own > 0 && base !== undefined ? own + signaturesOf(base, lines) : own;
}

/** Without commands that are lines of a reply (RFC 959 section 4.2): FEAT's answer is a list of such. */
function withoutReplyLines(lines: readonly LogLine[]): readonly LogLine[] {
  let end = -1;
  return lines.filter(({ direction, text }, index) => {
    if (direction === "<" && index > end && /^\d{3}-/.test(text)) {
      end = lines.findIndex((line, later) => later > index && line.text.startsWith(`${text.slice(0, 3)} `));
    }
    return direction !== ">" || index > end;
  });
}

/** Without passwords, those in addresses included. */
export function masked({ direction, text }: Pick<LogLine, "direction" | "text">): string {
  const shown = text.replace(/:\/\/([^\s:/@]*):[^\s/]*@/g, "://$1:###@").trimEnd();
  return direction === ">" ? shown.replace(/^PASS\b.*/i, "PASS ###") : shown;
}
