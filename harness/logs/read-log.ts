import type { LogLine } from "../model/symptom";
import type { LogFormat } from "./format";
import { basicFtp, curl, nodeFtp } from "./formats/arrows";
import { bare, filezilla, ftplib, lftp, wget, winscp } from "./formats/words";

/** Every log format; what has the same dialogue is told apart by its signature, so the plainest comes last. */
export const logFormats: readonly LogFormat[] = [filezilla, curl, lftp, ftplib, winscp, wget, nodeFtp, basicFtp, bare];

/** A log is at most as long as a person would paste; of a longer one the end is read, where it fails. */
const mostLines = 20_000;
const mostLength = 4_000;

/** A log's lines that speak of the session, and the format that they were read in; `null` where none is known to be in it. */
export type PastedLog = { readonly format: LogFormat; readonly lines: readonly LogLine[] };

/** Reads a pasted log: Markdown around it, quoting, prompts and time stamps are taken off. */
export function readLog(text: string): PastedLog | null {
  const lines = unwrapped(text);
  const readings = logFormats.map((format) => {
    const found = lines.flatMap(({ text: line, number }): LogLine[] => {
      return [format.read(line) ?? []].flat().map((read) => ({ ...read, text: masked(read), line: number }));
    });
    const signed = lines.filter(({ text: line }) => format.signature.test(line)).length;
    return { format, lines: found, weight: signed * 1000 + found.filter(({ direction }) => direction !== "*").length };
  });
  // What every format reads alike is of none in particular.
  const plain = readings.find(({ format }) => format === bare);
  const best = readings.reduce((one, other) =>
    other.weight > one.weight || (other === plain && other.weight === one.weight) ? other : one,
  );
  return best.lines.length === 0 ? null : { format: best.format, lines: best.lines };
}

function masked({ direction, text }: Pick<LogLine, "direction" | "text">): string {
  const shown = text.replace(/:\/\/([^\s:/@]*):[^\s/]*@/g, "://$1:###@").trimEnd();
  return direction === ">" ? shown.replace(/^PASS\b.*/i, "PASS ###") : shown;
}

/** Colours and the like of a terminal (ECMA-48 section 5.4). */
// eslint-disable-next-line no-control-regex -- that is what they begin with
const controlSequence = /\u001b\[[0-?]*[ -/]*[@-~]/g;

/** A page's source has arrows as entities. */
const entities: readonly (readonly [RegExp, string])[] = [
  [/&lt;/g, "<"],
  [/&gt;/g, ">"],
  [/&quot;/g, '"'],
  [/&#0?39;/g, "'"],
  [/&amp;/g, "&"],
];

function asWritten(text: string): string {
  return entities.reduce((line, [entity, sign]) => line.replace(entity, sign), text.replace(controlSequence, ""));
}

/** Time stamps of shells, CI services and curl's `--trace-time`; log levels behind them. */
const stamp =
  /^(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?|\[\d\d-\d\d \d\d:\d\d:\d\d\])\s+/;
const level = /^\[(?:debug|info|warn|error|\d+-\d+)\]\s+/i;

type Numbered = { readonly text: string; readonly number: number };

function unwrapped(text: string): readonly Numbered[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, index): Numbered => ({ text: line, number: index + 1 }))
    .slice(-mostLines)
    .map(({ text: line, number }) => ({ text: asWritten(line.slice(0, mostLength)), number }))
    .filter(({ text: line }) => line.trim() !== "" && !/^\s*```/.test(line));
  // A log quoted as a whole has the mark before each line; in one that is not, `>` means sent.
  const isQuoted = lines.length > 1 && lines.every(({ text: line }) => line.startsWith(">"));
  return lines.map(({ text: line, number }) => {
    const bared = (isQuoted ? line.replace(/^> ?/, "") : line).trim();
    return { text: bared.replace(stamp, "").replace(level, "").trim(), number };
  });
}
