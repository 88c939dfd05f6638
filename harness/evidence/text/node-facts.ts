/** How a node's kernel routes, decides and counts: from what its files say. */
import type { NodeFacts } from "../../model/evidence";
import { linesOf } from "./lines";

/** The texts of one node. */
export type NodeFactsTexts = {
  readonly node: string;
  /** `ip route show table all` of both families. */
  readonly routes: string;
  /** `ip rule` of both families. */
  readonly rules: string;
  /** `/proc/sys/net/ipv4/ip_forward:1`, a line a file. */
  readonly sysctls: string;
  /** `/proc/net/snmp` and `/proc/net/netstat`: a line of names, a line of numbers. */
  readonly pairs: string;
  /** `/proc/net/snmp6`: a name and a number a line. */
  readonly snmp6: string;
  /** `/proc/net/stat/nf_conntrack`: a line of names, and one of hexadecimal numbers for each processor. */
  readonly conntrack: string;
};

export function readNodeFacts(texts: NodeFactsTexts): NodeFacts {
  return {
    node: texts.node,
    routes: [...trimmedLines(texts.routes).filter(isRoute), ...trimmedLines(texts.rules).filter(isOwnRule)],
    sysctls: Object.fromEntries(trimmedLines(texts.sysctls).flatMap((line) => readSysctl(line) ?? [])),
    counters: Object.fromEntries([
      ...pairCounters(texts.pairs),
      ...lineCounters(texts.snmp6),
      ...conntrackCounters(texts.conntrack),
    ]),
  };
}

/** The facts with what was counted since others of the same node were read. */
export function countedSince(before: readonly NodeFacts[], facts: NodeFacts): NodeFacts {
  const earlier = before.find(({ node }) => node === facts.node)?.counters ?? {};
  const counters = Object.entries(facts.counters).flatMap(([name, value]) => {
    const more = value - (earlier[name] ?? 0);
    return more === 0 ? [] : [[name, more] as const];
  });
  return { ...facts, counters: Object.fromEntries(counters) };
}

function trimmedLines(text: string): readonly string[] {
  return linesOf(text)
    .map((line) => line.trim().replace(/\s+/g, " "))
    .filter((line) => line !== "");
}

/** Those of a node's own addresses and of its links' neighbours are no news. */
function isRoute(line: string): boolean {
  return !/^(local|broadcast|multicast|anycast) |^(fe80|ff00)::/.test(line);
}

/** All but the three that every kernel begins with (ip-rule(8)). */
function isOwnRule(line: string): boolean {
  return !/^(0: from all lookup local|32766: from all lookup main|32767: from all lookup default)$/.test(line);
}

function readSysctl(line: string): [name: string, value: string][] | null {
  const [, path, value] = /^\/proc\/sys\/([^:]+):(.*)$/.exec(line) ?? [];
  return path === undefined || value === undefined ? null : [[path.replaceAll("/", "."), value]];
}

type Counter = readonly [name: string, value: number];

/** Names as `nstat` makes them: the line's protocol before each. A setting (`RtoMin`) is no counter. */
function pairCounters(text: string): readonly Counter[] {
  const lines = trimmedLines(text);
  return lines.flatMap((line, index): Counter[] => {
    const [head = "", ...names] = line.split(" ");
    const [next, ...values] = (lines[index + 1] ?? "").split(" ");
    if (next !== head || !/^\D/.test(names[0] ?? "")) return [];
    const protocol = head.replace(":", "");
    return names.flatMap((name, at) => counterOf(`${protocol}${name}`, Number(values[at])));
  });
}

function lineCounters(text: string): readonly Counter[] {
  return trimmedLines(text).flatMap((line) => {
    const [name = "", value] = line.split(" ");
    return counterOf(name, Number(value));
  });
}

/** Sums over all processors; `entries` is the table's size and no count. */
function conntrackCounters(text: string): readonly Counter[] {
  const [head = "", ...lines] = trimmedLines(text);
  return head.split(" ").flatMap((name, at) => {
    if (name === "entries") return [];
    return counterOf(
      `Conntrack_${name}`,
      lines.reduce((sum, line) => sum + parseInt(line.split(" ")[at] ?? "0", 16), 0),
    );
  });
}

const settings: ReadonlySet<string> = new Set([
  "IpForwarding",
  "IpDefaultTTL",
  "TcpRtoAlgorithm",
  "TcpRtoMin",
  "TcpRtoMax",
  "TcpMaxConn",
  "TcpCurrEstab",
]);

function counterOf(name: string, value: number): readonly Counter[] {
  return Number.isSafeInteger(value) && value !== 0 && name !== "" && !settings.has(name) ? [[name, value]] : [];
}
