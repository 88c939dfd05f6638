/** What the rules of an iptables-save text name. */
import { splitWords } from "../../evidence/text/saved-rules";
import {
  openStatement,
  type NamedAddresses,
  type NamedBlock,
  type RuleAction,
  type RuleStatement,
  type RuleStatements,
} from "./statement";
import { blockIn, portsIn } from "./argument-words";

const hooks: Readonly<Record<string, string>> = {
  PREROUTING: "prerouting",
  INPUT: "input",
  FORWARD: "forward",
  OUTPUT: "output",
  POSTROUTING: "postrouting",
};

/** Reads each `-A` line of each table. What is not understood may match anything. */
export function iptablesStatements(text: string): RuleStatements {
  const statements: RuleStatement[] = [];
  const called = new Map<string, string>();
  let table = "filter";
  for (const [index, line] of text.split("\n").entries()) {
    table = /^\s*\*([a-z]+)\s*$/.exec(line)?.[1] ?? table;
    const [, chain, rest] = /^\s*(?:\[\d+:\d+\]\s+)?-[AI]\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (chain === undefined || rest === undefined) continue;
    const hook = hooks[chain];
    if (hook !== undefined) called.set(`${table} ${chain}`, hook);
    statements.push(statementOf(splitWords(rest), { line: index + 1, table, chain }));
  }
  return { statements, hooks: called };
}

type Place = { readonly line: number; readonly table: string; readonly chain: string };

function statementOf(words: readonly string[], { line, table, chain }: Place): RuleStatement {
  let statement: RuleStatement = { ...openStatement, line, chain: `${table} ${chain}` };
  for (let at = 0; at < words.length; at += 1) {
    const isBefore = words[at] === "!";
    if (isBefore) at += 1;
    const option = words[at] ?? "";
    if (!option.startsWith("-")) continue;
    // `-i ! lan` is how it was written once.
    const isAfter = words[at + 1] === "!";
    if (isAfter) at += 1;
    const value = words[at + 1] ?? "";
    statement = { ...statement, ...asked(option, value, isBefore || isAfter, table) };
    // A comment may look like an option.
    if (option === "--comment") at += 1;
  }
  return statement;
}

function asked(option: string, value: string, isNegated: boolean, table: string): Partial<RuleStatement> {
  switch (option) {
    case "-i":
    case "--in-interface":
      return { inInterfaces: { names: [value.replace(/\+$/, "*")], isNegated } };
    case "-o":
    case "--out-interface":
      return { outInterfaces: { names: [value.replace(/\+$/, "*")], isNegated } };
    case "-s":
    case "--source":
    case "--src":
    case "--src-range":
      return { sources: addressesIn(value, isNegated) };
    case "-d":
    case "--destination":
    case "--dst":
    case "--dst-range":
      return { destinations: addressesIn(value, isNegated) };
    case "-p":
    case "--protocol":
    case "--proto":
      return { isTcp: isNegated || ["tcp", "6", "all", "0"].includes(value.toLowerCase()) };
    case "--dport":
    case "--dports":
    case "--destination-port":
    case "--destination-ports": {
      const ports = value.split(",").map(portsIn);
      const known = ports.filter((range) => range !== null);
      return { ports: isNegated || known.length < ports.length ? null : known };
    }
    case "-j":
    case "--jump":
    case "-g":
    case "--goto":
      return { action: actionOf(value) };
    case "--to-destination":
      return { action: { kind: "forward-to", blocks: targetsIn(value) } };
    case "--to-source":
      return { action: { kind: "leave-as", blocks: targetsIn(value) } };
    case "--helper":
      return table === "raw" && value.startsWith("ftp") ? { action: { kind: "helper" } } : {};
    default:
      return {};
  }
}

function addressesIn(value: string, isNegated: boolean): NamedAddresses | null {
  const blocks = value.split(",").map(blockIn);
  const known = blocks.filter((block) => block !== null);
  return known.length < blocks.length ? null : { blocks: known, isNegated };
}

/** `192.168.1.5`, `192.168.1.5:50000-50999`, `192.168.1.5-192.168.1.9:21`. */
function targetsIn(value: string): readonly NamedBlock[] {
  const block = blockIn(value.replace(/^\[|\].*$/g, "").replace(/:[\d-]+(\/\d+)?$/, ""));
  return block === null ? [] : [block];
}

function actionOf(target: string): RuleAction {
  switch (target) {
    case "ACCEPT":
      return { kind: "accept" };
    case "DROP":
    case "REJECT":
      return { kind: "drop" };
    case "MASQUERADE":
      return { kind: "masquerade" };
    case "DNAT":
    case "SNAT":
      // The option behind it says where to.
      return { kind: target === "DNAT" ? "forward-to" : "leave-as", blocks: [] };
    default:
      return /^[A-Z]+$/.test(target) && knownTargets.has(target) ? { kind: "other" } : { kind: "jump", chain: target };
  }
}

/** Targets that are no chains. */
const knownTargets: ReadonlySet<string> = new Set([
  ...["AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "ECN", "FLOWOFFLOAD", "HL", "HMARK"],
  ...["LED", "LOG", "MARK", "NETMAP", "NFLOG", "NFQUEUE", "NOTRACK", "QUEUE", "RATEEST", "REDIRECT", "RETURN"],
  ...["SECMARK", "SET", "SYNPROXY", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TPROXY", "TRACE", "TTL", "ULOG"],
]);
