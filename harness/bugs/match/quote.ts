/** Quotes as the pastes have them: a reading may have put commands beside replies, or taken marks and stamps off. */
import type { QuotedLine, Reason } from "../../model/match";

/** @param pastes each paste's lines */
export function quotedFrom(reasons: readonly Reason[], pastes: readonly (readonly string[])[]): readonly Reason[] {
  return reasons.map(({ meaning, lines }) => ({
    meaning,
    lines: distinct(lines).map((line) => asPasted(line, pastes)),
  }));
}

function distinct(lines: readonly QuotedLine[]): readonly QuotedLine[] {
  const places = new Map(lines.map((line) => [`${line.paste ?? 0}:${line.line}`, line]));
  return [...places.values()];
}

function asPasted(quote: QuotedLine, pastes: readonly (readonly string[])[]): QuotedLine {
  const line = pastes[quote.paste ?? 0]?.[quote.line - 1]?.trim();
  return line === undefined || line === "" ? quote : { ...quote, text: withoutSecrets(line) };
}

/** What servers say of the command, with no password in it. */
const aboutPass = /\b[1-5]\d\d[ -]PASS (?:command|failed|rejected|refused|not|required|is|was)\b/i;

/** Somebody has put signs in its place. */
const maskedPass = /\bPASS (?:[*#xX•.]{2,}|<\w+>|\(\w+\))(?=\s|$|["'\])])/;

/** Without passwords of PASS and of addresses. */
export function withoutSecrets(text: string): string {
  const hidden = aboutPass.test(text) || maskedPass.test(text) ? text : text.replace(/(\bPASS ).*/i, "$1###");
  return hidden.replace(/:\/\/([^\s:/@]*):[^\s/]*@/g, "://$1:###@");
}
