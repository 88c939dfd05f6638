/** How a connection came to nothing, in the words of systems and programs in the languages in which logs are pasted. */
import type { LogLine } from "../../model/symptom";
import { outcomes, type Outcome } from "../logs/system-words";

/** What the lines say of it, and the line that does; `null` where none does. */
export function outcomeIn(lines: readonly LogLine[]): { readonly outcome: Outcome; readonly line: LogLine } | null {
  for (const line of lines.filter(({ direction }) => direction !== ">")) {
    const found = outcomes.find(([, words]) => words.test(line.text));
    if (found !== undefined) return { outcome: found[0], line };
  }
  return null;
}
