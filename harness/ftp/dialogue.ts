import type { ModeTraits } from "../model/axes";
import type { TranscriptLine } from "../model/cell";

/** A command and its reply, as the client saw them. */
export type DialogueExchange = {
  readonly command: string;
  /** In upper case. */
  readonly verb: string;
  /** Code of the final reply; `null` if none came. */
  readonly code: number | null;
  /** Last line of the reply; "" if none came. */
  readonly reply: string;
  /** Whether TLS covered the control connection when the command was sent. */
  readonly encrypted: boolean;
  /** Whether it was the first clear line after CCC (RFC 4217 section 5), and its reply the first clear reply. */
  readonly firstClear: boolean;
};

/** The control connection's dialogue, as the client saw it. */
export type Dialogue = {
  /** Lines that the server sent before any command. */
  readonly greeting: readonly string[];
  readonly exchanges: readonly DialogueExchange[];
  /** What the client remarked, and no line of FTP. */
  readonly remarks: readonly string[];
};

/** Commands that arrange a data connection (RFC 959, RFC 2428), and those that use one. */
export const dataVerbs: readonly string[] = ["PASV", "EPSV", "PORT", "EPRT"];
export const transferVerbs: readonly string[] = ["LIST", "NLST", "MLSD", "RETR", "STOR", "STOU", "APPE"];

/** Those that ask for names. */
export const listingVerbs: readonly string[] = ["LIST", "NLST", "MLSD"];

/** The last line of a reply (RFC 959 section 4.2). */
const finalLine = /^(\d{3})(?: |$)/;

/** Puts a transcript's lines together to commands with their replies, and follows TLS from AUTH to CCC. */
export function readDialogue(transcript: readonly TranscriptLine[], traits: ModeTraits): Dialogue {
  const greeting: string[] = [];
  const remarks: string[] = [];
  const exchanges: DialogueExchange[] = [];
  let encrypted = traits.tls === "implicit";
  let cleared = false;
  for (const { direction, text } of transcript) {
    const last = exchanges.at(-1);
    if (direction === "*") {
      remarks.push(text);
      // Of clients that do not show AUTH.
      if (text.startsWith("control TLS ")) encrypted = true;
    } else if (direction === ">") {
      exchanges.push({
        command: text,
        verb: (text.split(" ", 1)[0] ?? "").toUpperCase(),
        code: null,
        reply: "",
        encrypted,
        firstClear: cleared,
      });
      cleared = false;
    } else if (last === undefined) {
      greeting.push(text);
    } else {
      const code = finalLine.exec(text)?.[1];
      const index = answeredBy(text, exchanges);
      const asked = exchanges[index] ?? last;
      const answered = { ...asked, reply: text, code: code === undefined ? asked.code : Number(code) };
      exchanges[index] = answered;
      if (last.verb === "AUTH" && answered.code === 234) encrypted = true;
      if (last.verb === "CCC" && isPositive(answered.code)) {
        encrypted = false;
        cleared = true;
      }
    }
  }
  return { greeting, exchanges, remarks };
}

/** What a transfer ends with (RFC 959 section 5.4), and nothing that arranges a data connection or ends a session is answered with. */
const endOfTransfer = /^(?:226|42[56]|45[0-2]|55[0-3])\b/;
const sentMeanwhile: readonly string[] = [...dataVerbs, "QUIT", "ABOR"];

/** Index of the exchange that a line answers: the last one, or the transfer before it that has no reply yet, since replies keep the order. */
function answeredBy(text: string, exchanges: readonly DialogueExchange[]): number {
  const index = exchanges.length - 1;
  const [before, last] = [exchanges[index - 1], exchanges[index]];
  const isOverdue =
    before !== undefined &&
    last?.code === null &&
    (before.code === null || before.code < 200) &&
    transferVerbs.includes(before.verb) &&
    sentMeanwhile.includes(last.verb);
  return isOverdue && endOfTransfer.test(text) ? index - 1 : index;
}

/**
 * A client's control connections one after another, as its transcript shows them: a greeting (220) begins one, or a login after another
 * one. The remarks that lead to it go with it. HOST and REIN are answered with 220 too (RFC 7151, RFC 959).
 */
export function controlSessions(transcript: readonly TranscriptLine[]): readonly (readonly TranscriptLine[])[] {
  const sessions: TranscriptLine[][] = [[]];
  for (const line of transcript) {
    const current = sessions.at(-1) ?? [];
    if (!beginsAnother(line, current)) {
      current.push(line);
      continue;
    }
    const end = current.findLastIndex(({ direction }) => direction !== "*") + 1;
    sessions.push([...current.splice(end), line]);
  }
  return sessions;
}

function beginsAnother({ direction, text }: TranscriptLine, session: readonly TranscriptLine[]): boolean {
  const isGreeting = direction === "<" && /^220[ -]/.test(text);
  if (direction === "<" && !isGreeting) return false;
  const last = session.findLast((line) => line.direction === ">")?.text ?? "";
  if (direction === "<") {
    const isBegun = last !== "" || session.some((line) => line.direction === "<" && /^[45]\d\d /.test(line.text));
    return isBegun && !/^(HOST|REIN)\b/i.test(last) && !isInside220(session);
  }
  if (direction === "*" || !/^USER\b/i.test(text)) return false;
  return session.some((line) => line.direction === "<" && line.text.startsWith("230"));
}

/** Whether the last reply is a greeting of several lines that has not ended. */
function isInside220(session: readonly TranscriptLine[]): boolean {
  return session.findLast((line) => line.direction !== "*")?.text.startsWith("220-") === true;
}

/** The last exchange of one of these verbs, from an index on. */
export function lastExchange(
  exchanges: readonly DialogueExchange[],
  verbs: readonly string[],
  from = 0,
): DialogueExchange | null {
  return exchanges.slice(from).findLast(({ verb }) => verbs.includes(verb)) ?? null;
}

/** The CCC that the server refused (RFC 2228 section 3) or does not know; `null` if none was. */
export function refusedCcc({ exchanges }: Pick<Dialogue, "exchanges">): DialogueExchange | null {
  const ccc = lastExchange(exchanges, ["CCC"]);
  return ccc !== null && isNegative(ccc.code) ? ccc : null;
}

/** 2xx. */
export function isPositive(code: number | null): boolean {
  return code !== null && code >= 200 && code < 300;
}

/** 4xx or 5xx. */
export function isNegative(code: number | null): code is number {
  return code !== null && code >= 400;
}

/** The code by which a passive command names a port (RFC 959 section 4.2.1, RFC 2428 section 3). */
const passiveCodes: Readonly<Record<string, number | undefined>> = { PASV: 227, EPSV: 229 };

/**
 * The code that should have answered PASV or EPSV, where a reply that refuses nothing has another; else `null`. Such a reply arranges
 * no data connection.
 */
export function missedPassiveCode({ verb, code }: Pick<DialogueExchange, "verb" | "code">): number | null {
  const wanted = passiveCodes[verb];
  return wanted === undefined || !isPositive(code) || code === wanted ? null : wanted;
}
