/** Names that a person may have meant. */

// Far longer than any id here; what is longer was not mistyped from one.
const longestName = 60;

/** The name nearest to a word, `null` when none is near enough to be what was meant. */
export function nearest(word: string, names: readonly string[]): string | null {
  if (word.length > longestName) return null;
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    if (Math.abs(name.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** Insertions, deletions, replacements and swaps of neighbours (restricted Damerau-Levenshtein) between two words. */
export function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(beforeLast, column - 2) + 1 : Infinity,
        ),
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}

/** `; did you mean ...?` or nothing: the end of a message about an unknown name. */
export function didYouMean(word: string, names: readonly string[]): string {
  const name = nearest(word, names);
  return name === null ? "" : `; did you mean \`${name}\`?`;
}

/** A person's word in a message: in backticks, shortened, and harmless to a terminal. */
export function quote(word: string): string {
  return `\`${harmless(word, longestName)}\``;
}

/** Text from a file, shortened, without what a terminal might obey: controls, and marks that reorder text, are escaped. */
export function harmless(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most)}…` : text;
  return short.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}

/** `a, b or c`. */
export function oneOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}

/** `unknown topology ...` with the name that was meant, or with all names there are. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  if (name.includes("*")) return `no ${kind} matches ${quote(name)}${there(known)}`;
  return `unknown ${kind} ${quote(name)}${didYouMean(name, known) || there(known)}`;
}

function there(known: readonly string[]): string {
  return known.length === 0 ? "; there is none" : `; expected ${oneOf(known)}`;
}
