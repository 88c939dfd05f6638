/** `iptables -L -n -v` → rules. Without `-v` a listing does not name interfaces, and is refused. */
import { UsageError } from "../../model/errors";
import { originAt, type Piece } from "../pieces/piece";
import { addLeftOut, type LeftOut, type Origin } from "../place";
import { RulesBuilder } from "./build-rules";
import type { ScriptRules } from "./script";

/** Also `ufw show raw`, which prints the tables one after another. @throws UsageError where it names no interfaces */
export function listingRules(piece: Piece): ScriptRules {
  const leftOut: LeftOut[] = [];
  const builder = new RulesBuilder();
  const blocks = blocksIn(piece);
  for (const { table, chains } of blocks) {
    for (const { name, policy, rows, from } of chains) {
      if (policy === null) builder.chain(table, name, from);
      else builder.setPolicy(table, name, policy, from);
      for (const row of rows) addRow(builder, { table, chain: name }, row, leftOut);
    }
  }
  return { piece: builder.toPiece(piece), leftOut };
}

type Row = { readonly text: string; readonly from: Origin };
type ListedChain = {
  readonly name: string;
  readonly policy: string | null;
  readonly rows: Row[];
  readonly from: Origin;
};
type ListedTable = { readonly table: string; readonly chains: ListedChain[] };

function blocksIn(piece: Piece): readonly ListedTable[] {
  const chains: ListedChain[][] = [];
  for (const [index, line] of piece.lines.entries()) {
    const from = originAt(piece, index);
    const [, name, policy] = /^Chain (\S+) \((?:policy (\w+).*|\d+ references?)\)/.exec(line) ?? [];
    if (name !== undefined) {
      const last = chains.at(-1);
      // A chain that is there already begins the next table.
      if (last === undefined || last.some((chain) => chain.name === name)) chains.push([]);
      chains.at(-1)?.push({ name, policy: policy ?? null, rows: [], from });
    } else if (/^\s*(num\s+)?target\s+prot/.test(line)) {
      throw new UsageError(`${from.file}:${from.line}: this listing does not say which interfaces the rules are for.`, {
        code: "import-unreadable",
        hint: "Give the output of iptables-save, or at least of `iptables -L -n -v` and `iptables -t nat -L -n -v`.",
      });
    } else if (/^\s*\d/.test(line)) chains.at(-1)?.at(-1)?.rows.push({ text: line, from });
  }
  return chains.flatMap((list): ListedTable[] =>
    splitTables(list).map((own) => ({ table: tableOf(own), chains: own })),
  );
}

/** Tables one after another, where the second begins with another built-in chain: filter, and then nat. */
function splitTables(list: ListedChain[]): readonly ListedChain[][] {
  const at = list.findIndex(
    ({ name }, index) =>
      index > 0 && name === "PREROUTING" && list.slice(0, index).some((chain) => chain.name === "FORWARD"),
  );
  return at < 0 || list.slice(at).some(({ name }) => name === "FORWARD") ? [list] : [list.slice(0, at), list.slice(at)];
}

function tableOf(chains: readonly ListedChain[]): string {
  const names = new Set(chains.map(({ name }) => name));
  const text = chains.flatMap(({ rows }) => rows.map((row) => row.text)).join("\n");
  if (/\b(DNAT|SNAT|MASQUERADE|REDIRECT)\b/.test(text)) return "nat";
  if (!names.has("PREROUTING")) return names.has("POSTROUTING") ? "nat" : "filter";
  return names.has("FORWARD") ? "mangle" : names.has("POSTROUTING") ? "nat" : "raw";
}

function addRow(
  builder: RulesBuilder,
  { table, chain }: { readonly table: string; readonly chain: string },
  { text, from }: Row,
  leftOut: LeftOut[],
): void {
  const fields =
    /^\s*(?:\d+\s+)??(\d+[KMGT]?)\s+(\d+[KMGT]?)\s+(\S+\s+)?(all|tcp|udp|icmp|esp|ah|gre|sctp|ipv6-icmp|igmp|\d+)\s+(--|-f)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(
      text,
    );
  if (fields === null) {
    addLeftOut(leftOut, {
      what: "a row that import cannot read",
      why: "give the output of iptables-save",
      from,
      decides: true,
    });
    return;
  }
  const [, , , target = "", protocol = "all", , inside = "*", out = "*", source = "", destination = "", extra = ""] =
    fields;
  const words: string[] = [];
  const match = (option: string, value: string, any: readonly string[]): void => {
    if (any.includes(value)) return;
    if (value.startsWith("!")) words.push("!", option, value.slice(1));
    else words.push(option, value);
  };
  const names: Readonly<Record<string, string>> = { "0": "all", "1": "icmp", "6": "tcp", "17": "udp" };
  match("-p", names[protocol] ?? protocol, ["all"]);
  match("-i", inside, ["*", "any"]);
  match("-o", out, ["*", "any"]);
  match("-s", source, ["0.0.0.0/0", "anywhere"]);
  match("-d", destination, ["0.0.0.0/0", "anywhere"]);
  const asked = readExtra(extra);
  if (asked === null) {
    addLeftOut(leftOut, {
      what: `a rule with "${extra.slice(0, 60)}"`,
      why: "give the output of iptables-save",
      from,
      decides: true,
    });
    return;
  }
  words.push(...asked.matches);
  const to = target.trim() === "SNAT" ? "--to-source" : "--to-destination";
  if (target.trim() !== "")
    words.push("-j", target.trim(), ...asked.options.map((word) => (word === "TO" ? to : word)));
  builder.add(table, chain, words, from);
}

type Extra = { readonly matches: readonly string[]; readonly options: readonly string[] };

/** Each with what it is in the words of a rule. */
const extras: readonly { readonly form: RegExp; readonly of: (groups: readonly string[]) => Partial<Extra> }[] = [
  { form: /^\/\* (.*?) \*\//, of: ([text = ""]) => ({ matches: ["-m", "comment", "--comment", text] }) },
  {
    form: /^(?:tcp|udp) dpts?:(!?)(\S+)/,
    of: ([not = "", ports = ""]) => ({ matches: [...(not === "" ? [] : ["!"]), "--dport", ports] }),
  },
  {
    form: /^(?:tcp|udp) spts?:(!?)(\S+)/,
    of: ([not = "", ports = ""]) => ({ matches: [...(not === "" ? [] : ["!"]), "--sport", ports] }),
  },
  {
    form: /^(dpts?|spts?):(\S+)/,
    of: ([side = "", ports = ""]) => ({ matches: [side.startsWith("d") ? "--dport" : "--sport", ports] }),
  },
  { form: /^(?:state|ctstate) (\S+)/, of: ([states = ""]) => ({ matches: ["-m", "conntrack", "--ctstate", states] }) },
  { form: /^multiport dports (\S+)/, of: ([ports = ""]) => ({ matches: ["-m", "multiport", "--dports", ports] }) },
  { form: /^multiport sports (\S+)/, of: ([ports = ""]) => ({ matches: ["-m", "multiport", "--sports", ports] }) },
  { form: /^tcp flags:0x17\/0x02/, of: () => ({ matches: ["--syn"] }) },
  { form: /^tcp flags:!0x17\/0x02/, of: () => ({ matches: ["!", "--syn"] }) },
  { form: /^tcp flags:0x06\/0x02/, of: () => ({ matches: ["--tcp-flags", "SYN,RST", "SYN"] }) },
  { form: /^ADDRTYPE match dst-type LOCAL/, of: () => ({ matches: ["-m", "addrtype", "--dst-type", "LOCAL"] }) },
  {
    form: /^ADDRTYPE match dst-type (\w+)/,
    of: ([type = ""]) => ({ matches: ["-m", "addrtype", "--dst-type", type] }),
  },
  {
    form: /^limit: avg (\S+) burst (\d+)/,
    of: ([rate = "", burst = ""]) => ({ matches: ["-m", "limit", "--limit", rate, "--limit-burst", burst] }),
  },
  { form: /^helper match "?ftp"?/, of: () => ({ matches: ["-m", "helper", "--helper", "ftp"] }) },
  { form: /^CT helper (\S+)/, of: ([helper = ""]) => ({ options: ["--helper", helper] }) },
  { form: /^NOTRACK/, of: () => ({ options: ["--notrack"] }) },
  {
    form: /^icmp(?:type| type) (\d+)(?: code \d+)?/,
    of: ([type = ""]) => ({ matches: ["-m", "icmp", "--icmp-type", type] }),
  },
  { form: /^to:(\S+)/, of: ([to = ""]) => ({ options: ["TO", to] }) },
  { form: /^redir ports (\S+)/, of: ([ports = ""]) => ({ options: ["--to-ports", ports] }) },
  { form: /^reject-with (\S+)/, of: ([how = ""]) => ({ options: ["--reject-with", how] }) },
  { form: /^TCPMSS clamp to PMTU/, of: () => ({ options: ["--clamp-mss-to-pmtu"] }) },
  {
    form: /^LOG (?:flags \d+ )?level \d+(?: prefix "([^"]*)")?/,
    of: ([prefix]) => ({ options: prefix === undefined ? [] : ["--log-prefix", prefix] }),
  },
  { form: /^(?:tcp|udp)(?=\s|$)/, of: () => ({}) },
];

function readExtra(text: string): Extra | null {
  const matches: string[] = [];
  const options: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const found = extras.flatMap(({ form, of }) => {
      const groups = form.exec(rest);
      return groups === null ? [] : [{ of, groups }];
    })[0];
    if (found === undefined) return null;
    const read = found.of(found.groups.slice(1));
    matches.push(...(read.matches ?? []));
    options.push(...(read.options ?? []));
    rest = rest.slice(found.groups[0].length).trim();
  }
  return { matches, options };
}
