/** A command line taken apart into words, as a shell would, and nothing else of a shell. */

/** The words of a line; quotes and backslashes keep blanks inside. `null` if a quote is not closed. */
export function splitCommandLine(line: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (quote === null && /\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (letter === "\\" && quote !== "'") {
      at += 1;
      word = (word ?? "") + line.charAt(at);
    } else if (letter === quote) quote = null;
    else if (quote === null && (letter === "'" || letter === '"')) {
      quote = letter;
      word ??= "";
    } else word = (word ?? "") + letter;
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}
