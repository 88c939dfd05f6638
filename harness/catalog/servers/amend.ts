/**
 * A configuration with lines that count: each in the place of the line of the same name, and the others at its end.
 * @param nameOf what a line sets; `null` where it sets nothing
 */
export function amendSettings(
  configuration: string,
  lines: readonly string[],
  nameOf: (line: string) => string | null,
): string {
  const changes = lines.filter((line) => !/^\s*(#|$)/.test(line));
  if (changes.length === 0) return configuration;
  const left = new Map(changes.map((line) => [nameOf(line) ?? line, line]));
  const names = new Set(left.keys());
  const kept = configuration
    .replace(/\n$/, "")
    .split("\n")
    .flatMap((line) => {
      const name = nameOf(line);
      if (name === null || !names.has(name)) return [line];
      const changed = left.get(name);
      left.delete(name);
      return changed === undefined ? [] : [changed];
    });
  return [...kept, ...left.values(), ""].join("\n");
}
