import type { LogLine, PastedFact, Place, Speaker } from "../../model/symptom";
import type { LogFormat } from "./format";
import { readLog, type PastedLog } from "./read-log";
import { isAboutFtp, namesFtp } from "./speakers/about-ftp";
import { readSpeakers, type Heard, type HeardLine } from "./speakers/read-speakers";
import { verbs, type SpeakerForm } from "./speakers/speaker-form";
import { inOrderOfTime, shiftsOf, type StampedPaste } from "./speakers/time-line";

/** What one of several pastes is. */
export type PastedSource = {
  readonly name: string;
  /** `mixed`: several speak in it. */
  readonly by: Speaker | "mixed";
  /** As a person would call it, such as "vsftpd's log". */
  readonly title: string;
  /** The server's software, by its id where the lab has it, else by its name; `null` where the form of its log does not tell. */
  readonly software: string | null;
  /** What is added to its stamps to get the first paste's clock, in ms; `null` where nothing tells. */
  readonly shiftMs: number | null;
};

/** What people pasted of one case, from either end. */
export type Pastes = {
  readonly sources: readonly PastedSource[];
  /** The dialogue: a client's log, else a server's own; `null` where nobody shows one. */
  readonly log: PastedLog | null;
  /** All lines of all pastes, the dialogue of each end and all remarks. */
  readonly lines: readonly LogLine[];
  readonly facts: readonly PastedFact[];
  /** `by-time`: lines and facts of several pastes stand in the order of their time. `as-given`: paste after paste. */
  readonly order: "by-time" | "as-given";
};

/** One text that was pasted, with the name by which to call it. */
export type Paste = { readonly name: string; readonly text: string };

/** Reads what was pasted, whoever wrote it; `null` where nothing of it is about FTP. */
export function readPastes(texts: readonly Paste[]): Pastes | null {
  const read = texts.map(({ name, text }, index) => readOne(name, text, texts.length > 1 ? index : undefined));
  // Lines of machines about connections count as FTP if the reporter says so.
  const isTold = read.some(({ heard }) => heard.facts.length > 0) && read.some(({ heard }) => namesFtp(heard.rest));
  if (!isTold && !read.some(({ log, heard }) => log !== null || isAboutFtp(heard))) return null;
  const shifts = shiftsOf(read.map(({ stamped }) => stamped));
  const pastes = read.length === 1 ? read : read.map((paste, index) => onFirstClock(paste, shifts[index] ?? null));
  const isByTime = pastes.length > 1 && shifts.every((shift) => shift !== null);
  const inOrder = <Item>(items: Parameters<typeof inOrderOfTime<Item>>[0]): readonly Item[] =>
    isByTime ? inOrderOfTime(items, shifts) : items.flat().map(({ item }) => item);
  return {
    sources: pastes.map(({ source }, index) => ({ ...source, shiftMs: shifts[index] ?? null })),
    log: dialogueOf(pastes),
    lines: inOrder(pastes.map(({ stamped }) => stamped.lines.map(({ line, stamp }) => ({ item: line, stamp })))),
    facts: inOrder(pastes.map(({ stamped }) => stamped.facts.map(({ fact, stamp }) => ({ item: fact, stamp })))),
    order: isByTime ? "by-time" : "as-given",
  };
}

type ReadPaste = {
  readonly source: Omit<PastedSource, "shiftMs">;
  readonly log: PastedLog | null;
  readonly heard: Heard;
  readonly stamped: StampedPaste;
};

/** A paste whose lines tell their time by the first paste's clock, or not at all where nothing shows how the clocks differ. */
function onFirstClock({ log, heard, stamped, ...paste }: ReadPaste, shift: number | null): ReadPaste {
  const shifted = <Line extends LogLine>({ at, ...line }: Line): Omit<Line, "at"> & Pick<LogLine, "at"> =>
    at === undefined || shift === null ? line : { ...line, at: at + shift };
  return {
    ...paste,
    log: log === null ? null : { ...log, lines: log.lines.map(shifted) },
    heard: { ...heard, lines: heard.lines.map((one) => ({ ...one, line: shifted(one.line) })) },
    stamped: { ...stamped, lines: stamped.lines.map((one) => ({ ...one, line: shifted(one.line) })) },
  };
}

function readOne(name: string, text: string, paste: number | undefined): ReadPaste {
  const heard = readSpeakers(text, paste);
  const found = readLog(heard.rest);
  const isLog = found !== null && (heard.forms.length === 0 || isDialogue(found));
  const place = paste === undefined ? {} : { paste };
  const log = isLog
    ? {
        ...found,
        signed: placed(found.signed, place),
        waiting: placed(found.waiting, place),
        lines: found.lines.map((line) => {
          const stamp = heard.stamps.get(line.line);
          return { ...line, ...place, ...(stamp === undefined ? {} : { at: stamp.at }) };
        }),
      }
    : null;
  const own = (log?.lines ?? []).map((line) => ({ line, stamp: heard.stamps.get(line.line) ?? null }));
  const lines = [...own, ...heard.lines].toSorted((one, other) => one.line.line - other.line.line);
  return { source: sourceOf(name, log, heard), log, heard, stamped: { lines, facts: heard.facts } };
}

function placed(at: Place | null | undefined, place: Pick<Place, "paste">): Place | null {
  return at === null || at === undefined ? null : { ...at, ...place };
}

/** Beside another log, a few words are a person's own, unless a program reports a failure in them. */
function isDialogue({ format, lines }: PastedLog): boolean {
  const said = saidIn(lines).filter(({ direction, text }) =>
    (direction === ">" ? verbs : /^\d{3}(?:[ -]|$)/).test(text),
  );
  return format.client === null
    ? said.length > 1 ||
        (said.length === 1 &&
          (/^(?:[45]\d\d |22[79] .*\d)/.test(said[0]?.text ?? "") ||
            lines.some(({ direction, text }) => direction === "*" && trouble.test(text))))
    : said.length > 0 || lines.some(({ text }) => format.complaint.test(text));
}

function sourceOf(name: string, log: PastedLog | null, { forms }: Heard): Omit<PastedSource, "shiftMs"> {
  const titles = [...(log === null ? [] : [clientTitle(log.format)]), ...forms.map(({ title }) => title)];
  const speakers = new Set<Speaker>([...(log === null ? [] : (["client"] as const)), ...forms.map(({ by }) => by)]);
  const [only = "client"] = speakers;
  return {
    name,
    by: speakers.size > 1 ? "mixed" : only,
    title: titles.length === 0 ? "a text" : [...new Set(titles)].join(" and "),
    software: forms.find(({ software }) => software !== null)?.software ?? null,
  };
}

function clientTitle({ client, title }: LogFormat): string {
  return client === null && title.startsWith("a ") ? title : `a log of ${title}`;
}

/** The client's log with the most of a dialogue, and what goes on in the same form in other pastes; else a server's, else a capture's. */
function dialogueOf(pastes: readonly ReadPaste[]): PastedLog | null {
  const logs = pastes.flatMap(({ log }) => (log === null ? [] : [log]));
  const [first] = logs.toSorted((one, other) => saidIn(other.lines).length - saidIn(one.lines).length);
  const heard = pastes.flatMap(({ heard: { lines } }) => lines);
  const others = spokenBy(heard, "client") ?? spokenBy(heard, "server") ?? spokenBy(heard, "packets");
  if (first === undefined) return others;
  const lines = logs
    .filter(({ format }) => format.id === first.format.id)
    .flatMap((log) => (isOtherEnd(log, first) ? log.lines.filter(({ direction }) => direction === "*") : log.lines));
  // A client that tells nothing but what failed leaves the dialogue to the server.
  const isComplaint = saidIn(lines).length === 0 && others !== null;
  return { ...first, lines: isComplaint ? [...saidIn(others.lines), ...lines] : lines };
}

/**
 * One session seen from both ends: the one shows what was answered, and the other what was asked, or both and with the same answers.
 */
function isOtherEnd(one: PastedLog, other: PastedLog): boolean {
  if (one === other) return false;
  const [asks, asked] = [one, other].map(({ lines }) => new Set(saidIn(lines).map(({ direction }) => direction)));
  if (asks?.size !== 1 || asked === undefined) return false;
  if (asked.size === 1) return asks.has(">") !== asked.has(">");
  const answers = new Set(repliesIn(other));
  return asks.has("<") && repliesIn(one).filter((reply) => answers.has(reply)).length >= alikeEnough;
}

/** The greeting and one more: two sessions with one server have those in common, but both show then what was asked, or neither does. */
const alikeEnough = 2;

function repliesIn({ lines }: PastedLog): readonly string[] {
  return lines.flatMap(({ direction, text }) => (direction === "<" ? [text.trim()] : []));
}

function saidIn(lines: readonly LogLine[]): readonly LogLine[] {
  return lines.filter(({ direction }) => direction !== "*");
}

function spokenBy(heard: readonly HeardLine[], speaker: Speaker): PastedLog | null {
  const lines = heard.filter(({ form }) => form.by === speaker);
  const form = (lines.find(({ line }) => line.direction !== "*") ?? lines[0])?.form;
  return form === undefined ? null : { format: formatOf(form), lines: bySession(lines) };
}

/** What is said in several sessions at a time, session after session. */
function bySession(lines: readonly HeardLine[]): readonly LogLine[] {
  const sessions = new Map<string | null, LogLine[]>();
  for (const { line, session } of lines) {
    const known = sessions.get(session);
    if (known === undefined) sessions.set(session, [line]);
    else known.push(line);
  }
  return [...sessions.values()].flat();
}

/** Servers' words for what did not go well. */
const trouble =
  /\b(?:fail(?:ed|ure|s)?|error|unable|reject(?:ed|ing|s)?|refus(?:ed|ing|al)|den(?:ied|ying)|timed? ?out|timeout|not resumed|(?:did|does|do) not|is not|can ?(?:not|'t)|could ?n[o']t|unwilling|aborted|reset|incorrect|no such|sorry|too (?:many|short)|FAIL [A-Z]+|LOG_CMD_ERR|invalid|not permitted|prohibited|violation|forbidden|panic|killed|crash(?:ed)?|exceeded|sc-win32-status|idle (?:for|time)|(?:is|was|were|been) idle)\b/i;

/** A server's log, as the reader of dialogues wants it. */
function formatOf({ id, title, by }: SpeakerForm): LogFormat {
  return { id, title, by, client: null, signature: /^(?!)/, read: () => null, complaint: trouble };
}
