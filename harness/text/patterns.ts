/** Pattern matching shared by scenario files and the command line's facets. */
import { withoutPosition } from "../model/positions";

type Selection = {
  /** The ids that are selected, in the order in which they were given. */
  readonly ids: readonly string[];
  /** Patterns that match no id, as they were written. */
  readonly unknown: readonly string[];
};

/**
 * Selects ids: a pattern is an id or a glob with `*`, and any of several patterns will do. One with a leading `!`
 * excludes; where all patterns do, they exclude from everything.
 */
export function matchPatterns(patterns: readonly string[], ids: readonly string[]): Selection {
  const excluded = new Set<string>();
  const included = new Set<string>();
  const unknown: string[] = [];
  for (const pattern of patterns) {
    const { glob, excludes } = readPattern(pattern);
    const matching = ids.filter((id) => globMatches(glob, id));
    if (matching.length === 0) unknown.push(pattern);
    for (const id of matching) (excludes ? excluded : included).add(id);
  }
  const onlyExcludes = patterns.every((pattern) => readPattern(pattern).excludes);
  return { ids: ids.filter((id) => (onlyExcludes || included.has(id)) && !excluded.has(id)), unknown };
}

/** A text as a part of a regular expression that stands for itself. */
export function escapePattern(text: string): string {
  return text.replace(/[.+*?^$()[\]{}|\\]/g, "\\$&");
}

/** A pattern without its `!`. */
export function readPattern(pattern: string): { readonly glob: string; readonly excludes: boolean } {
  const excludes = pattern.startsWith("!");
  return { glob: excludes ? pattern.slice(1) : pattern, excludes };
}

/** Whether a glob matches a whole text; `*` stands for any characters. */
export function globMatches(glob: string, text: string): boolean {
  return matches(
    glob.split(/(\*+)/).flatMap((part) => (part.startsWith("*") ? ["**"] : Array.from(part))),
    text,
  );
}

/**
 * Whether a glob matches a whole cell id; `*` stands for characters within a part, `**` also for `/`. One that names no position means
 * all of them.
 */
export function cellGlobMatches(glob: string, cellId: string): boolean {
  const tokens = glob.split(/(\*+)/).flatMap((part) => {
    return part.startsWith("*") ? [part.length > 1 ? "**" : "*"] : Array.from(part);
  });
  if (matches(tokens, cellId)) return true;
  const [topology = ""] = glob.split("/", 1);
  return cellId.includes("@") && !topology.includes("@") && matches(tokens, withoutPosition(cellId));
}

/** Walks all ways to match at once: a regular expression could take exponential time on a glob of many stars. */
function matches(tokens: readonly string[], text: string): boolean {
  let positions = skipStars(tokens, new Set([0]));
  for (const character of text) {
    const next = new Set<number>();
    for (const position of positions) {
      const token = tokens[position];
      if (token === "**" || (token === "*" && character !== "/")) next.add(position);
      // A star in the text is an ordinary character, and in the tokens it never is.
      else if (token === character && token !== "*") next.add(position + 1);
    }
    if (next.size === 0) return false;
    positions = skipStars(tokens, next);
  }
  return positions.has(tokens.length);
}

/** Adds the positions behind stars, which may stand for nothing. */
function skipStars(tokens: readonly string[], positions: Set<number>): Set<number> {
  // A set that grows while it is walked is walked to its new end.
  for (const position of positions) if (tokens[position]?.startsWith("*")) positions.add(position + 1);
  return positions;
}
