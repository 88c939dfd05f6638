/** What stands around a log's lines: Markdown, quoting, a terminal's colours, the stamps of whatever logged them. */

/** A line of the pasted text, counted from 1. */
export type Numbered = { readonly text: string; readonly number: number };

/** A log is at most as long as a person would paste; of a longer one the end is read, where it fails. */
export const mostLines = 20_000;
export const mostLength = 4_000;

/** The lines as the program wrote them; empty ones and fences are left out. */
export function unwrapped(text: string): readonly Numbered[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, index): Numbered => ({ text: line, number: index + 1 }))
    .slice(-mostLines)
    .map(({ text: line, number }) => ({ text: unticked(asWritten(line.slice(0, mostLength))), number }))
    .filter(({ text: line }) => line.trim() !== "");
  const quoted = isQuoted(lines.map(({ text: line }) => line));
  return lines.map(({ text: line, number }) => {
    return { text: unstamped((quoted ? line.replace(/^> ?/, "") : line).trim()), number };
  });
}

/** Fences, and the ticks of lines that are each code for itself. */
function unticked(line: string): string {
  return line.replace(/^\s*(`{3,}|~{3,})[\w-]*\s*$/, "").replace(/^\s*`+|`+\s*$/g, "");
}

/** What no client sends: a reply, another arrow, a word of FileZilla's. */
const neverSent = /^> ?(?:[<>*] |\d{3}[ -]|(?:Status|Command|Response|Error|Statut|Befehl|Comando):|[<-]?---)/;

/** A log that is quoted has the mark before each line, and prose around it may have none; in one that is not, `>` means sent. */
function isQuoted(lines: readonly string[]): boolean {
  return (
    lines.some((line) => neverSent.test(line)) || (lines.length > 1 && lines.every((line) => line.startsWith(">")))
  );
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

/** Without a terminal's sequences and a page's entities. */
export function asWritten(text: string): string {
  return entities.reduce((line, [entity, sign]) => line.replace(entity, sign), text.replace(controlSequence, ""));
}

const date = String.raw`(?:\d{4}[-/]\d\d[-/]\d\d|\d\d?[./]\d\d?[./]\d{4}|\d\d-\d\d|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} +\d\d?)`;
const clock = String.raw`\d\d?:\d\d:\d\d(?:[.,]\d+)?(?: ?[AP]M)?(?:Z| ?[+-]\d\d:?\d\d)?(?: \d{4})?`;
const levels = "DEBUG|DBG|TRACE|INFO|INF|NOTICE|WARN(?:ING)?|WRN|ERROR|ERR";

/** Time stamps, log levels, loggers and places in sources, as shells, CI services and log frameworks put them before each line. */
const stamps: readonly RegExp[] = [
  new RegExp(String.raw`^[[<]?(?:${date}[T ,]\s*)?${clock}[\]>]?:?\s+`),
  // The program whose output was stamped once more.
  new RegExp(String.raw`^[\w.-]+: (?=${date}[T ])`),
  new RegExp(String.raw`^(?:<\d>)?(?:${levels})\b(?: ?: |\s+)`),
  new RegExp(String.raw`^\[(?:${levels}|verbose|\d+-\d+)\]\s+`, "i"),
  // A thread, before the level.
  new RegExp(String.raw`^\[[\w.-]+\]\s+(?=(?:${levels})\b)`),
  // A logger; a script's line; Android's tag.
  /^(?:[a-z][\w$]*(?:\.[\w$]+)+ - |\S+\.js(?: \[\w+\])?:\d+\s+|[VDIWE]\/\w+ ?\( *\d+\): )/,
];

/** A level with the line in quotes behind it, as Serilog shows a value. */
const valued = /^(?:Verbose|Debug|Trace|Info|Warning|Error): "(.*)"$/;

function unstamped(line: string): string {
  const shorter = stamps.reduce((text, stamp) => text.replace(stamp, ""), line.replace(valued, "$1")).trim();
  return shorter === line ? line : unstamped(shorter);
}
