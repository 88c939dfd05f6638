/** Headings that say whose outputs follow, where a text has those of several machines. */
import { kindWords } from "./kind-words";

export type Section = {
  /** The index of the heading's line. */
  readonly at: number;
  readonly host: string;
};

/** `=== DSL router ===`, `--- nas ---`, `## gateway`. */
const heading = /^(?:={2,}|-{2,}|#{2,}|\*{2,})\s*([A-Za-z].*?)\s*(?:=+|-+|#+|\*+)?:?\s*$/;

/** Sides of one machine. */
const sides = /^(?:lan|wan|inside|outside|internal|external|internet)\d*$/;

/** Sections by machine; none unless two machines tell their addresses under headings of their own. */
export function sectionsIn(lines: readonly string[]): readonly Section[] {
  const sections = lines.flatMap((line, at) => {
    const host = hostIn(heading.exec(line)?.[1] ?? "");
    return host === null ? [] : [{ at, host }];
  });
  const telling = sections.filter(({ at }, place) =>
    lines.slice(at, sections[place + 1]?.at).some((line) => /^\s+inet (?:addr:)?(?!127\.)\d/.test(line)),
  );
  return new Set(telling.map(({ host }) => host)).size > 1 ? sections : [];
}

/** What is in parentheses is no name. */
function hostIn(text: string): string | null {
  const words = text
    .replace(/\(.*?\)/g, " ")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !kindWords.test(word) && !/^(?:the|of|on|from)$/.test(word));
  return words.length === 0 || words.length > 4 || words.every((word) => sides.test(word)) ? null : words.join("-");
}
