import { readDialogue, type DialogueExchange } from "../../ftp/dialogue";
import { traitsOf, type Mode } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type { LogLine } from "../../model/symptom";
import type { LogFormat } from "./format";

/** What is known, and the lines on which it rests. */
export type Grounded<Value> = { readonly value: Value; readonly on: readonly LogLine[] };

/** A command and its reply, with the lines where they stand. */
export type PlacedExchange = DialogueExchange & {
  readonly sent: LogLine;
  /** All lines of the reply. */
  readonly answered: readonly LogLine[];
};

/** What a session's lines say as a dialogue. */
export type PlacedDialogue = { readonly greeting: readonly LogLine[]; readonly exchanges: readonly PlacedExchange[] };

/** Puts a session's lines together to commands with their replies. */
export function dialogueIn(lines: readonly LogLine[], mode: Mode | null): PlacedDialogue {
  const { exchanges } = readDialogue(
    lines.map(({ direction, text }) => ({ atMs: 0, direction, text })),
    traitsOf(mode ?? "ftp"),
  );
  const greeting: LogLine[] = [];
  const answers: LogLine[][] = [];
  const sent: LogLine[] = [];
  for (const line of lines) {
    if (line.direction === "<") (answers.at(-1) ?? greeting).push(line);
    if (line.direction !== ">") continue;
    sent.push(line);
    answers.push([]);
  }
  return {
    greeting,
    exchanges: exchanges.flatMap((exchange, index) => {
      const command = sent[index];
      return command === undefined ? [] : [{ ...exchange, sent: command, answered: answers[index] ?? [] }];
    }),
  };
}

/** A session's lines as a client's transcript, with the words by which the dialogue's reader knows that TLS has begun. */
export function transcriptOf(format: LogFormat, lines: readonly LogLine[]): readonly TranscriptLine[] {
  return lines.map(({ direction, text }) => {
    const tellsTls = direction === "*" && format.tells?.explicitTls?.test(text) === true;
    return { atMs: 0, direction, text: tellsTls ? `control TLS (${text})` : text };
  });
}

/** The line of a final reply, or the last one where none is final. */
export function finalLineOf({ answered }: PlacedExchange): LogLine | null {
  return answered.findLast(({ text }) => /^\d{3}(?: |$)/.test(text)) ?? answered.at(-1) ?? null;
}

/** What a client sends when it has given up. */
export const givingUp = /^(?:QUIT|ABOR)\b/i;
