import { linesOf } from "./lines";

/** A table as `iptables-save` prints it. */
export type SavedTable = {
  /** Built-in chains' policies; `-` for user-defined chains. */
  readonly policies: ReadonlyMap<string, string>;
  /** Each chain's rules in their order, as words without `-A CHAIN`. */
  readonly chains: ReadonlyMap<string, readonly (readonly string[])[]>;
};

type Draft = { readonly policies: Map<string, string>; readonly chains: Map<string, string[][]> };

/** What iptables-restore takes in one line. */
const longestLine = 10240;

/** Takes the output of `iptables-save` apart, with or without counters; lines that are no part of it are passed over. */
export function parseSavedTables(text: string): ReadonlyMap<string, SavedTable> {
  const tables = new Map<string, Draft>();
  let table: Draft | null = null;
  for (const line of linesOf(text)) {
    if (line.length > longestLine) continue;
    const [, name] = /^\*(\S+)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      table = tables.get(name) ?? { policies: new Map(), chains: new Map() };
      tables.set(name, table);
      continue;
    }
    if (table === null) continue;
    const [, chain, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (chain !== undefined && policy !== undefined) table.policies.set(chain, policy);
    const words = splitWords(line.replace(/^\[\d+:\d+\] /, ""));
    const [option, target] = words;
    if ((option !== "-A" && option !== "--append") || target === undefined) continue;
    const rules = table.chains.get(target);
    if (rules === undefined) table.chains.set(target, [words.slice(2)]);
    else rules.push(words.slice(2));
  }
  return tables;
}

/** Words between blanks; double quotes hold a word together, and a backslash in them takes the next character as it is. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [, quoted, bare] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs)) {
    words.push(quoted === undefined ? (bare ?? "") : quoted.replace(/\\(.)/gs, "$1"));
  }
  return words;
}
