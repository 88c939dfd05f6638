/** A directive, or a block with what stands in it. */
type Entry = {
  /** Name of the directive, or the block's first line; in lower case. */
  readonly key: string;
  readonly lines: readonly string[];
};

/** Directives that `<Global>` does not take. */
const mainOnly = /^(loadmodule .*|port|systemlog|debuglevel|defaultaddress|<virtualhost .*)$/;

/**
 * A `proftpd.conf` with lines that count. Of two directives in one context the first wins, and one in the main server beats one in
 * `<Global>` without reaching the virtual hosts, as measured with 1.3.8c: each line takes the place of the one that sets the same,
 * in the main server or in `<Global>`, and the others, those that are told in `<Global>` too, come into a `<Global>` of their own.
 */
export function amendProftpdConf(configuration: string, lines: readonly string[]): string {
  const changes = lines.filter((line) => !/^\s*(#|$)/.test(line));
  if (changes.length === 0) return configuration;
  const isGlobalTag = (key: string): boolean => key === "<global>" || key === "</global>";
  const left = new Map(
    entriesOf(changes)
      .filter(({ key }) => !isGlobalTag(key))
      .map((entry) => [entry.key, entry]),
  );
  const keys = new Set(left.keys());
  const replaced = entriesOf(configuration.replace(/\n$/, "").split("\n")).flatMap(({ key, lines: own }) => {
    if (isGlobalTag(key) || !keys.has(key)) return own;
    const changed = left.get(key);
    left.delete(key);
    const indent = /^\s*/.exec(own[0] ?? "")?.[0] ?? "";
    return (changed?.lines ?? []).map((line) => `${indent}${line}`);
  });
  const rest = [...left.values()];
  const [main, global] = [rest.filter(({ key }) => mainOnly.test(key)), rest.filter(({ key }) => !mainOnly.test(key))];
  return [
    ...replaced,
    ...main.flatMap((entry) => entry.lines),
    ...(global.length === 0 ? [] : ["<Global>", ...global.flatMap((entry) => entry.lines), "</Global>"]),
    "",
  ].join("\n");
}

/** Lines as directives and blocks; `<Global>` and its end are directives, so that what stands in it is seen. */
function entriesOf(lines: readonly string[]): readonly Entry[] {
  const entries: Entry[] = [];
  let block: { readonly key: string; readonly end: string; readonly lines: string[] } | null = null;
  for (const line of lines) {
    const [word = "", ...words] = line.trim().toLowerCase().split(/\s+/);
    if (block !== null) {
      block.lines.push(line);
      if (word === block.end) {
        entries.push(block);
        block = null;
      }
    } else if (word.startsWith("<") && !word.startsWith("</") && word !== "<global>") {
      block = { key: [word, ...words].join(" "), end: `</${word.slice(1).replace(/>$/, "")}>`, lines: [line] };
    } else {
      // Each names a module of its own.
      entries.push({ key: word === "loadmodule" ? [word, ...words].join(" ") : word, lines: [line] });
    }
  }
  // An end that is missing is ProFTPD's to complain of.
  return block === null ? entries : [...entries, block];
}
