/** The words of a line of iptables; double or single quotes hold a word together. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, bare] of line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/gs)) {
    words.push(double === undefined ? (single ?? bare ?? "") : double.replace(/\\(.)/gs, "$1"));
  }
  return words;
}

/** A word as it is written in a file of iptables-restore. */
export function written(word: string): string {
  return /^[\w!./:,+@%=#-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, "\\$&")}"`;
}
