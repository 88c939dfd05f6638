import type { LogLine, PastedFact } from "../../../model/symptom";
import { masked } from "../read-log";
import { speakerForms } from "./forms";
import { verbs, type FactBody, type SpeakerForm } from "./speaker-form";
import { stampOf, type Stamp } from "./stamp";
import { writtenLines } from "./written-lines";

/** A line of the dialogue, or a remark, with what its form tells beside it. */
export type HeardLine = {
  readonly line: LogLine;
  readonly stamp: Stamp | null;
  readonly form: SpeakerForm;
  /** Several sessions may stand in one log, line by line among each other. */
  readonly session: string | null;
};
export type HeardFact = { readonly fact: PastedFact; readonly stamp: Stamp | null; readonly form: SpeakerForm };

/** What a paste says that is no client's. */
export type Heard = {
  readonly lines: readonly HeardLine[];
  readonly facts: readonly HeardFact[];
  /** The forms that were found, the most frequent first. */
  readonly forms: readonly SpeakerForm[];
  /** The paste with blank lines in the place of those that were read. */
  readonly rest: string;
  /** The stamps of the lines in `rest`, by number. */
  readonly stamps: ReadonlyMap<number, Stamp>;
};

/** More facts than these are the same over and over. */
const mostFacts = 5_000;
/** A quoted line is shown to people. */
const mostShown = 600;

/** Reads the lines of a paste that servers, kernels, firewalls, captures and listings wrote; all others are left. */
export function readSpeakers(text: string, paste?: number): Heard {
  const readers = speakerForms.map((form) => ({ form, read: form.begin() }));
  const lines: HeardLine[] = [];
  const facts: HeardFact[] = [];
  const counts = new Map<SpeakerForm, number>();
  const claimed = new Set<number>();
  const stamps = new Map<number, Stamp>();
  let lastForm: SpeakerForm | null = null;
  let lastStamp: Stamp | null = null;
  for (const { text: line, number } of writtenLines(text)) {
    const bare = unprefixed(line);
    const found = firstOf(readers, bare);
    // What goes on in a second line has the first one's stamp.
    const isContinued: boolean = /^\s/.test(bare) && found?.form === lastForm;
    const stamp: Stamp | null = stampOf(bare) ?? (isContinued ? lastStamp : null);
    lastForm = found?.form ?? null;
    lastStamp = stamp;
    if (found === null) {
      if (stamp !== null) stamps.set(number, stamp);
      continue;
    }
    const { form, reading } = found;
    claimed.add(number);
    counts.set(form, (counts.get(form) ?? 0) + 1);
    const place = {
      line: number,
      ...(paste === undefined ? {} : { paste }),
      ...(stamp === null ? {} : { at: stamp.at }),
    };
    for (const { direction, text: words, session } of reading.said ?? []) {
      const shown = masked({ direction, text: words });
      if (shown === "") continue;
      lines.push({ line: { direction, text: shown, by: form.by, ...place }, stamp, form, session: session ?? null });
    }
    for (const fact of reading.facts ?? []) {
      if (facts.length < mostFacts)
        facts.push({ fact: { ...withoutPassword(fact), ...place, text: shownText(bare) }, stamp, form });
    }
  }
  const forms = [...counts].toSorted(([, one], [, other]) => other - one).map(([form]) => form);
  return { lines, facts, forms, rest: withoutLines(text, claimed), stamps };
}

function shownText(line: string): string {
  return line
    .trim()
    .slice(0, mostShown)
    .replace(/\bPASS \S+/gi, "PASS ###");
}

function withoutPassword(fact: FactBody): FactBody {
  if (fact.kind !== "packet" || fact.ftp === null) return fact;
  return { ...fact, ftp: fact.ftp.replace(/^PASS\b.*/i, "PASS ###") };
}

type Found = {
  readonly form: SpeakerForm;
  readonly reading: NonNullable<ReturnType<ReturnType<SpeakerForm["begin"]>>>;
};

function firstOf(
  readers: readonly { readonly form: SpeakerForm; readonly read: ReturnType<SpeakerForm["begin"]> }[],
  line: string,
): Found | null {
  for (const { form, read } of readers) {
    const reading = read(line);
    if (reading !== null) return { form, reading };
  }
  return null;
}

/** `62:\ttcp dport 21`, `61-\tchain x {`, `4:-A INPUT`: numbers of lines, as grep puts them before. */
const grepped = /^\d{1,6}(?::(?=\s|-A |[a-z]{2})|-(?=\s|-A |(?:table|chain|set|ct) ))/;

/** Without the mark of a quotation, which also stands before what a client sends, and the name that docker compose or kubectl puts there. */
function unprefixed(line: string): string {
  const [, quoted] = /^> ?(.*)$/.exec(line) ?? [];
  const text = quoted === undefined || verbs.test(quoted) ? line : quoted;
  return text
    .replace(grepped, "")
    .replace(/^(?:[\w.-]{1,60}\s{1,30}\|\s?|\[pod\/[\w./-]{1,120}\] )/, "")
    .replace(/^`{1,2}(?=[^`])|(?<=[^`])`{1,2}$/g, "");
}

function withoutLines(text: string, claimed: ReadonlySet<number>): string {
  if (claimed.size === 0) return text;
  return text
    .split("\n")
    .map((line, index) => (claimed.has(index + 1) ? "" : line))
    .join("\n");
}
