import type { Family } from "../../../model/topology";
import { splitWords, type SavedTable } from "../../../evidence/text/saved-rules";

/** Rules after commands of a shell, as far as they are read. */
export type Pasted = {
  readonly tables: ReadonlyMap<string, SavedTable>;
  /** What `nft` was told, a command a line. */
  readonly nft: string;
  /** Lines with an unknown effect. */
  readonly unread: readonly string[];
};

/** What `iptables -A`, `-I` and `-D`, and `nft '...'`, make of rules; other commands that change no rule are passed over. */
export function pastedInto(loaded: ReadonlyMap<string, SavedTable>, lines: readonly string[], family: Family): Pasted {
  let tables = loaded;
  const nft: string[] = [];
  const unread: string[] = [];
  for (const line of lines) {
    const words = splitWords(line.replace(/ +#.*$/, ""));
    const [program = "", ...options] = words;
    const quoted = /^nft '([^']*)'$/.exec(line);
    if (program === "" || program.startsWith("#") || harmless.has(program)) continue;
    if (quoted !== null) nft.push(quoted[1] ?? "");
    else if (program === "nft") nft.push(line.slice("nft ".length));
    else if (program === (family === "ipv6" ? "ip6tables" : "iptables")) {
      const after = changed(tables, options);
      if (after === null) unread.push(line);
      else tables = after;
    } else if (!/^ip6?tables$/.test(program)) unread.push(line);
  }
  return { tables, nft: nft.join("\n"), unread };
}

const harmless: ReadonlySet<string> = new Set(["modprobe", "sysctl", "set", "true"]);

const builtIn: Readonly<Record<string, readonly string[]>> = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
};

/** The tables after one command; `null` if it is not read. */
function changed(
  tables: ReadonlyMap<string, SavedTable>,
  words: readonly string[],
): ReadonlyMap<string, SavedTable> | null {
  const at = words.indexOf("-t");
  const name = at < 0 ? "filter" : (words[at + 1] ?? "");
  const [verb = "", chain = "", ...rule] = at < 0 ? words : words.toSpliced(at, 2);
  const chains = builtIn[name];
  if (chains === undefined) return null;
  const fresh: SavedTable = { policies: new Map(chains.map((one) => [one, "ACCEPT"])), chains: new Map() };
  const table = tables.get(name) ?? fresh;
  const rules = table.chains.get(chain) ?? [];
  const after = rulesAfter(rules, verb, rule);
  if (after === null) return null;
  return new Map([...tables, [name, { ...table, chains: new Map([...table.chains, [chain, after]]) }]]);
}

type Rules = readonly (readonly string[])[];

function rulesAfter(rules: Rules, verb: string, rule: readonly string[]): Rules | null {
  if (verb === "-A") return [...rules, rule];
  if (verb === "-I") return /^\d+$/.test(rule[0] ?? "") ? null : [rule, ...rules];
  if (verb !== "-D") return null;
  const found = rules.findIndex((words) => alike(words, rule));
  return found < 0 ? null : rules.toSpliced(found, 1);
}

/** iptables-save names the modules that a command leaves out, and writes addresses with their length. */
function alike(saved: readonly string[], typed: readonly string[]): boolean {
  const plain = (words: readonly string[]): string =>
    words
      .filter((word, index) => !(word === "-m" || (words[index - 1] === "-m" && /^(tcp|conntrack|state)$/.test(word))))
      .map((word) => word.replace(/\/(32|128)$/, ""))
      .join(" ");
  return plain(saved) === plain(typed);
}
