import type { TranscriptLine } from "../../model/cell";
import type { OutputLine } from "../../model/program";

/** What a line of a program's output says of the dialogue; `null` for a line that is no part of it. */
export type DialogueLine = Pick<TranscriptLine, "direction" | "text"> | null;

/** The control dialogue in a program's output; passwords are masked. */
export function transcriptOf(
  output: readonly OutputLine[],
  read: (line: OutputLine) => DialogueLine,
): readonly TranscriptLine[] {
  return output.flatMap((line) => {
    const found = read(line);
    if (found === null) return [];
    const text = found.direction === ">" ? found.text.replace(/^PASS .*/i, "PASS ###") : found.text;
    return [{ atMs: line.atMs, direction: found.direction, text: text.trimEnd() }];
  });
}

/** The first line that matches, or `null`. */
export function firstLine(output: readonly OutputLine[], pattern: RegExp): string | null {
  return output.find(({ text }) => pattern.test(text))?.text.trim() ?? null;
}

/** The last line that matches, or `null`. */
export function lastLine(output: readonly OutputLine[], pattern: RegExp): string | null {
  return output.findLast(({ text }) => pattern.test(text))?.text.trim() ?? null;
}

/** The wanted names that a listing holds as whole words, in the order wanted. */
export function namesIn(
  output: readonly OutputLine[],
  wanted: readonly { readonly name: string }[],
): readonly string[] {
  const words = new Set(output.flatMap(({ stream, text }) => (stream === "stdout" ? text.split(/\s+/) : [])));
  return wanted.flatMap(({ name }) => (words.has(name) ? [name] : []));
}
