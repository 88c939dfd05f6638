/** The first line of the server's logs that a pattern finds. */
export function logged(lines: readonly string[], pattern: RegExp): string | null {
  return lines.find((line) => pattern.test(line)) ?? null;
}
