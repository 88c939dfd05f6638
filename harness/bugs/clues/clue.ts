import type { CauseId } from "../../model/diagnosis";
import type { QuotedLine } from "../../model/match";
import type { LogLine } from "../../model/symptom";
import { quoteOf, type Scene } from "./scene";

/** How much a reading says of a cause: it names it by itself, speaks for it, allows it beside others, or speaks against it. */
export type Weight = "names" | "speaks" | "allows" | "denies";
export type Votes = Readonly<Partial<Record<CauseId, Weight>>>;

/** What lines of a paste mean. */
export type Reading = { readonly meaning: string; readonly lines: readonly QuotedLine[]; readonly votes: Votes };

/** Finds in a paste what it knows the meaning of; empty where nothing of it is there. */
export type Clue = (scene: Scene) => readonly Reading[];

/** Words of servers, clients and libraries whose meaning is known. */
export type Words = {
  readonly says: RegExp;
  /** Words in the same line with which it means something else. */
  readonly unless?: RegExp;
  /** Whose line it has to be; left out: a reply or a remark. */
  readonly in?: "reply" | "remark";
  /** Only in the lines from the command on at which the session stopped; left out: anywhere in the session. */
  readonly at?: "end";
  readonly when?: (scene: Scene) => boolean;
  /** A clause that says what the line says, and nothing else. */
  readonly means: string;
  readonly votes: Votes | ((scene: Scene) => Votes);
};

/** So many lines are quoted for one meaning. */
const mostQuoted = 2;

/** A clue of words, one of a table's after another. */
export function wordsClue(table: readonly Words[]): Clue {
  return (scene) =>
    table.flatMap((words) => {
      if (words.when?.(scene) === false) return [];
      const lines = (words.at === "end" ? scene.end : scene.lines).filter((line) => isSaidIn(words, line));
      if (lines.length === 0) return [];
      const votes = typeof words.votes === "function" ? words.votes(scene) : words.votes;
      return [{ meaning: words.means, lines: lines.slice(-mostQuoted).map(quoteOf), votes }];
    });
}

function isSaidIn({ says, unless, in: where }: Words, { direction, text }: LogLine): boolean {
  if (direction === ">" || (where === "reply" && direction !== "<") || (where === "remark" && direction !== "*"))
    return false;
  return says.test(text) && unless?.test(text) !== true;
}
