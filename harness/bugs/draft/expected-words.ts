/** What of a log a session of the lab should say too, word for word. */
import type { Candidate } from "../match/candidates";
import type { LogLine, Symptom } from "../../model/symptom";

/** Words that a session should print, and why they can be expected. */
export type Saying = {
  readonly text: string;
  /** `server`: a reply's words, the same with the same software; `client`: the program's own. */
  readonly by: "server" | "client";
};

/**
 * The longest piece of the line on which a cause rests: of a reply that refuses, else of the client's remark. Numbers, addresses, names
 * and quoted parts differ from place to place. `null` where the cause rests on silence, or on what went well.
 */
export function sayingOf({ because: [reason] }: Pick<Candidate, "because">, { lines }: Symptom): Saying | null {
  const told = (reason?.lines ?? []).flatMap((quoted) => lines.find((line) => isSamePlace(line, quoted)) ?? []);
  const reply = told.findLast(({ direction, text }) => direction === "<" && /^[45]\d\d /.test(text));
  const words = reply === undefined ? null : stablePiece(reply.text.slice(4));
  if (words !== null) return { text: words, by: "server" };
  // How long it waits in the lab, and whether it then says so, is the lab's doing. That it dials is no failure, and a server's own log is
  // not heard by its client.
  const remark = told.findLast(
    ({ direction, by = "client", text }) =>
      direction === "*" &&
      by === "client" &&
      !/tim(?:ed|e)[ -]?out|délai|Zeit|\b(?:trying|connecting to)\b/i.test(text),
  );
  const own = remark === undefined ? null : stablePiece(remark.text);
  return own === null ? null : { text: own, by: "client" };
}

function isSamePlace(one: LogLine, other: Pick<LogLine, "line" | "paste">): boolean {
  return one.line === other.line && (one.paste ?? 0) === (other.paste ?? 0);
}

/** What differs from place to place: quoted, in brackets, a path or address, a dotted name, a number, what follows a colon. */
const unstable = /["'“”‘’«»`][^"'“”‘’«»`]*["'“”‘’«»`]|\([^)]*\)|\S*[/\\@]\S*|\S*\w[.:]\w\S*|\S*\d\S*|[,;:()]/g;
const shortest = 8;

function stablePiece(text: string): string | null {
  const pieces = text
    .replace(/,? as Wget tells$/, "")
    .split(unstable)
    .map((piece) => piece.replace(/^[\s.!?-]+|[\s.!?-]+$/g, ""))
    .filter((piece) => piece.length >= shortest && piece.includes(" "));
  return pieces.toSorted((one, other) => other.length - one.length)[0] ?? null;
}
