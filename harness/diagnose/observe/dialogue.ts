import type { ModeTraits } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type { Dialogue, DialogueExchange } from "../observations";

/** Commands that arrange a data connection (RFC 959, RFC 2428), and those that use one. */
export const dataVerbs: readonly string[] = ["PASV", "EPSV", "PORT", "EPRT"];
export const transferVerbs: readonly string[] = ["LIST", "NLST", "MLSD", "RETR", "STOR", "STOU", "APPE"];

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
      const answered = { ...last, reply: text, code: code === undefined ? last.code : Number(code) };
      exchanges[exchanges.length - 1] = answered;
      if (last.verb === "AUTH" && answered.code === 234) encrypted = true;
      if (last.verb === "CCC" && isPositive(answered.code)) {
        encrypted = false;
        cleared = true;
      }
    }
  }
  return { greeting, exchanges, remarks };
}

/** The last exchange of one of these verbs, from an index on. */
export function lastExchange(
  exchanges: readonly DialogueExchange[],
  verbs: readonly string[],
  from = 0,
): DialogueExchange | null {
  return exchanges.slice(from).findLast(({ verb }) => verbs.includes(verb)) ?? null;
}

/** 2xx. */
export function isPositive(code: number | null): boolean {
  return code !== null && code >= 200 && code < 300;
}

/** 4xx or 5xx. */
export function isNegative(code: number | null): code is number {
  return code !== null && code >= 400;
}
