/** What of a log a session of the lab should say too, word for word. */
import type { Symptom } from "../../model/symptom";

/** Words that a session should print, and why they can be expected. */
export type Saying = {
  readonly text: string;
  /** `server`: a reply's words, the same with the same software; `client`: the program's own. */
  readonly by: "server" | "client";
};

/**
 * The shortest that still tells: of the reply that decides, else of the answer to the data command, else of the client's complaint. Numbers,
 * addresses, names and quoted parts differ from place to place, so the longest piece between them is taken.
 */
export function sayingOf({ lines, replyCode, data, message }: Symptom): Saying | null {
  const decides = replyCode === null ? null : replyOf(lines, String(replyCode));
  const answer = data === null ? null : answerTo(lines, data.toUpperCase());
  for (const reply of [decides, answer]) {
    const text = reply === null ? null : stablePiece(reply.slice(4));
    if (text !== null) return { text, by: "server" };
  }
  // How long it waits in the lab, and whether it then says so, is the lab's doing.
  const own = message === null || /tim(?:ed|e)[ -]?out|délai|Zeit/i.test(message) ? null : stablePiece(message);
  return own === null ? null : { text: own, by: "client" };
}

function replyOf(lines: Symptom["lines"], code: string): string | null {
  const found = lines.findLast(({ direction, text }) => direction === "<" && text.startsWith(`${code} `));
  return found?.text ?? null;
}

function answerTo(lines: Symptom["lines"], verb: string): string | null {
  const sent = lines.findLastIndex(({ direction, text }) => direction === ">" && text.toUpperCase().startsWith(verb));
  const next = sent < 0 ? undefined : lines.slice(sent + 1).find(({ direction }) => direction !== "*");
  return next?.direction === "<" ? next.text : null;
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
