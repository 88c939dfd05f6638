/** What stands around a log's lines: Markdown, quoting, a terminal's colours, the stamps of whatever logged them. */

/** A line of the pasted text, counted from 1. */
export type Numbered = { readonly text: string; readonly number: number };

/** A log is at most as long as a person would paste; of a longer one the end is read, where it fails. */
export const mostLines = 200_000;
export const mostLength = 4_000;

/** The lines as the program wrote them; empty ones and fences are left out. */
export function unwrapped(text: string): readonly Numbered[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, index): Numbered => ({ text: line, number: index + 1 }))
    .slice(-mostLines)
    .map(({ text: line, number }) => ({ text: unticked(unboxed(asWritten(line.slice(0, mostLength)))), number }))
    .flatMap(({ text: line, number }) => asRemarks(line).map((text) => ({ text, number })))
    .filter(({ text: line }) => line.trim() !== "");
  const quoted = isQuoted(lines.map(({ text: line }) => line));
  return lines.map(({ text: line, number }) => {
    const own = (quoted ? line.replace(/^> ?/, "") : line).trim();
    return { text: unstamped(own.replace(emphasis, "")), number };
  });
}

/** Old curl writes where it dials without a line end, and what came of it behind that. */
const dialledAndMore = /^(\s*\*\s+Trying \S+?\.\.\.) (?:\* ?)?(\S.*)$/;

function asRemarks(line: string): readonly string[] {
  const [, dialled, outcome] = dialledAndMore.exec(line) ?? [];
  return dialled === undefined || outcome === undefined ? [line] : [dialled, `* ${outcome}`];
}

/** A log that somebody set in italics or bold begins so. */
const emphasis = /^[_*]{1,2}(?=\p{L}[\p{L} ]{1,24}:\s)/u;

/** Fences, and the ticks of lines that are each code for itself. */
function unticked(line: string): string {
  const trimmed = line.trim();
  if (/^(?:`{3,}|~{3,})[\w-]*$/.test(trimmed)) return "";
  if (!trimmed.startsWith("`") && !trimmed.endsWith("`")) return line;
  let end = trimmed.length;
  while (trimmed[end - 1] === "`") end -= 1;
  return trimmed.slice(0, end).replace(/^`+/, "");
}

/** A line without the quotes and the escaped line ends that stand behind it: `227 ...\\r\\n',`. */
export function withoutTail(line: string): string {
  let end = line.length;
  for (;;) {
    if (/["'\s]/.test(line[end - 1] ?? "")) end -= 1;
    else if (/^\\[rn]$/.test(line.slice(Math.max(end - 2, 0), end))) end -= 2;
    else return line.slice(0, end);
  }
}

/** What no client sends: a reply, another arrow, a word of FileZilla's. */
const neverSent = /^> ?(?:[<>*] |\d{3}[ -]|(?:Status|Command|Response|Error|Statut|Befehl|Comando):|[<-]?---)/;

/** A log that is quoted has the mark before each line, and prose around it may have none; in one that is not, `>` means sent. */
function isQuoted(lines: readonly string[]): boolean {
  return (
    lines.some((line) => neverSent.test(line)) || (lines.length > 1 && lines.every((line) => line.startsWith(">")))
  );
}

/** Colours and titles of a terminal: CSI in seven and eight bits, OSC and other strings, and short escapes (ECMA-48 sections 5.3 to 5.6). */
const controlSequence =
  // eslint-disable-next-line no-control-regex -- that is what they begin with
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]+[0-~]|\u001b[0-~]/g;

/** A page's source has arrows as entities. */
const entities: readonly (readonly [RegExp, string])[] = [
  [/&lt;/g, "<"],
  [/&gt;/g, ">"],
  [/&quot;/g, '"'],
  [/&#0?39;/g, "'"],
  [/&amp;/g, "&"],
];

/** A page's marks around a line. */
const pageTags =
  /^\s*(?:<\/?(?:p|pre|code|blockquote|div|span|li|b|i|em|strong|br) ?\/?>)+|(?:<\/?(?:p|pre|code|blockquote|div|span|li|b|i|em|strong|br) ?\/?>)+\s*$/gi;

/** A line's end in letters, as Indy, hex viewers and editors write it: `<EOL>`, `<CR><LF>`, `[CR][LF]`, `#13#10`, `^M`. */
const namedLineEnd = /(?:<EOL>|(?:<CR>)?<LF>|(?:\[CR\])?\[LF\]|#13#10|\^M)\s?$/;

/** Without a terminal's sequences, a page's entities and a line end in letters. */
export function asWritten(text: string): string {
  return entities.reduce(
    (line, [entity, sign]) => line.replace(entity, sign),
    text.replace(controlSequence, "").replace(pageTags, "").replace(namedLineEnd, ""),
  );
}

/** What a JSON logger wrote, by the names that loggers give to it. */
const messageKeys = ["line", "message", "msg", "log", "text"] as const;
/** Bytes as Rust prints them: `[50, 50, 48, 32]`. */
const bytes = /\[(\d{1,3}(?:, \d{1,3}){3,})\]/;

/** The message in a line of JSON, and the text of bytes that are printed as numbers. */
function unboxed(line: string): string {
  const text = line.trim();
  // A stamp may stand before it.
  const [json] = /\{\s*"[^{]*\}$/.exec(text) ?? [];
  if (json !== undefined && (text.startsWith("{") || stampBefore.test(text))) return messageIn(json) ?? line;
  const [, numbers] = bytes.exec(line) ?? [];
  if (numbers === undefined) return line;
  const shown = String.fromCharCode(...numbers.split(", ").map(Number));
  return line.replace(bytes, shown.replace(/[\r\n]+$/, ""));
}

const stampBefore = /^[\d\s:.,TZ/[\]-]{4,40}\{/;

function messageIn(json: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const found = messageKeys.map((key) => (value as Readonly<Record<string, unknown>>)[key]);
  const text = found.find((part) => typeof part === "string" && part !== "");
  return typeof text === "string" ? (text.trimEnd().split(/\r?\n/).at(-1) ?? null) : null;
}

const date = String.raw`(?:\d{4}[-/]\d\d[-/]\d\d|\d\d?[./]\d\d?[./]\d{4}|\d\d-\d\d|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} +\d\d?)`;
const clock = String.raw`\d\d?:\d\d:\d\d(?:[.,]\d+)?(?: ?[AP]M)?(?:Z| ?[+-]\d\d:?\d\d)?(?: (?:19|20)\d{2}(?= ))?`;
const levels = "DEBUG|DBG|TRACE|INFO|INF|NOTICE|WARN(?:ING)?|WRN|ERROR|ERR";

/** Time stamps, log levels, loggers and places in sources, as shells, CI services and log frameworks put them before each line. */
const stamps: readonly RegExp[] = [
  new RegExp(String.raw`^[[<]?(?:${date}[T ,]\s*)?${clock}[\]>]?:?\s+`),
  // The program whose output was stamped once more.
  new RegExp(String.raw`^[\w.-]+: (?=${date}[T ])`),
  new RegExp(String.raw`^(?:<\d>)?(?:${levels})\b(?: ?: |\s+)`),
  new RegExp(String.raw`^\[(?:${levels}|verbose|\d+-\d+)\]\s+`, "i"),
  // CI services' commands; FileZilla's log file, with process and connection.
  /^##\[(?:debug|error|warning|command|section)\]/,
  /^\d{1,7}[ \t]+\d{1,4}[ \t]+(?=\p{L}[\p{L}\p{M} ]{1,24}\s?[:：]\s)/u,
  // .NET's trace of System.Net; Rust's module behind the level.
  /^System\.Net \w+: \d+ : \[\d+\] /,
  new RegExp(String.raw`^(?:${levels})\s+[\w:.-]{1,80}\]\s+`),
  // Transmit's connections; FlashFXP's two sides.
  /^\d{1,2}: (?=\D|\d{3}: )/,
  /^\[[LR]\d?\]\s+/,
  // A list of lines; the logger of lftp's lines.
  /^- (?=-{1,3}>|\d{3}[ -]|(?:Connecting|Unable|Disconnected|Connected|Failed|Error)\b)/,
  /^[\w.-]{1,40}: (?=(?:--->|<---|----|\*{4}) )/,
  // BuildKit's steps and their seconds.
  /^#\d{1,4} \d{1,6}\.\d{1,3} /,
  // A thread, before the level.
  new RegExp(String.raw`^\[[\w.-]+\]\s+(?=(?:${levels})\b)`),
  // A logger; a script's line; Android's tag.
  /^(?:[a-z][\w$]*(?:\.[\w$]+)+ - |\S+\.js(?: \[\w+\])?:\d+\s+|[VDIWE]\/\w+ ?\( *\d+\): )/,
];

/** A level with the line in quotes behind it, as Serilog shows a value. */
const valued = /^(?:Verbose|Debug|Trace|Info|Warning|Error): "(.*)"$/;

/** Loggers put a few around each other; more than that is no log. */
const mostStamps = 6;

function unstamped(line: string, depth = 0): string {
  const shorter = stamps.reduce((text, stamp) => text.replace(stamp, ""), line.replace(valued, "$1")).trim();
  return shorter === line || depth === mostStamps ? shorter : unstamped(shorter, depth + 1);
}
