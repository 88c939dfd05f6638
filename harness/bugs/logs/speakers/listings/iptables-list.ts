import { readRule } from "../../../../evidence/text/rule-words";
import { nothingSaid, type LineReader, type Reading, type SpeakerForm } from "../speaker-form";
import { policyFact, ruleFacts } from "./rule-fact";

/** `iptables -L`, with `-n`, `-v` and `--line-numbers` or without. */
export const iptablesList: SpeakerForm = {
  id: "iptables-list",
  title: "iptables' rules",
  by: "listing",
  software: null,
  begin: readListed,
};

/** `Chain INPUT (policy DROP 12 packets, 720 bytes)`, `Chain ufw-user-input (1 references)`. */
const heading = /^\s*Chain (\S{1,40}) \((?:policy (\w+)|\d+ references?)/;
const columnNames = /^\s*(?:num\s+)?(?:pkts\s+bytes\s+)?target\s+prot\s+opt\s/;
/** The columns; counters and links are there with `-v` alone, and IPv6 has no options. */
const columns =
  /^\s*(?:\d+\s+)?(?:(\d+[KMGT]?)\s+\d+[KMGT]?\s+)?(\S+)\s+(tcp|udp|udplite|all|icmp\w*|ipv6-icmp|esp|ah|gre|sctp|igmp|vrrp|ospf|\d{1,3})\s+(?:(--|-f|!f)\s+)?(\S.*)$/;

function readListed(): LineReader {
  let chain: string | null = null;
  return (text) => {
    const [, name, policy] = heading.exec(text) ?? [];
    if (name !== undefined) {
      chain = name;
      const fact = policy === undefined ? null : policyFact({ chain, table: null }, policy);
      return fact === null ? nothingSaid : { facts: [fact] };
    }
    if (columnNames.test(text)) return nothingSaid;
    if (text.trim() === "") chain = null;
    const [, counter, target, protocol, , rest] = columns.exec(text) ?? [];
    if (chain === null || target === undefined || protocol === undefined || rest === undefined) return null;
    return listedRule(chain, target, protocol, rest, counter !== undefined);
  };
}

function listedRule(chain: string, target: string, protocol: string, rest: string, isVerbose: boolean): Reading {
  const fields = rest.trim().split(/\s+/);
  const links = isVerbose ? fields.splice(0, 2) : [];
  const [source = "", destination = "", ...more] = fields;
  // `-L` alone leaves out the links: what looks like a rule for everything may be the one for the loopback.
  if (!isVerbose && more.length === 0 && target === "ACCEPT" && isAny(source) && isAny(destination)) return nothingSaid;
  const words = [
    ...option("-p", protocol === "all" ? "0" : protocol, false),
    ...["-i", "-o"].flatMap((name, index) =>
      option(name, links[index] ?? "*", /^(?:\*|any)$/.test(links[index] ?? "*")),
    ),
    ...option("-s", source, isAny(source)),
    ...option("-d", destination, isAny(destination)),
    ...matchesIn(more, target),
    ...["-j", target],
    ...optionsOf(more, target),
  ];
  const rule = readRule(words);
  const named = protocol === "all" || protocol === "0" ? null : protocol;
  return rule === null ? nothingSaid : { facts: ruleFacts(rule, { chain, table: null }, named) };
}

function isAny(address: string): boolean {
  return address === "anywhere" || address === "0.0.0.0/0" || address === "::/0";
}

function option(name: string, value: string, isLeftOut: boolean): readonly string[] {
  if (isLeftOut) return [];
  return value.startsWith("!") ? ["!", name, value.slice(1)] : [name, value];
}

/** Something that a rule asks and that is not read here. */
const unread: readonly string[] = ["-m", "unread"];
/** Words that ask nothing by themselves, or that the target brings. */
const passed =
  /^(?:tcp|udp|multiport|reject-with|icmp\S*|tcp-reset|flags:0x17\/0x02|flags:FIN,SYN,RST,ACK\/SYN|to:\S*|CT|notrack|redir)$/;

/** The matches behind the addresses: `tcp dpt:21`, `multiport dports 20,21`, `ctstate RELATED,ESTABLISHED`. */
function matchesIn(words: readonly string[], target: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const next = words[at + 1] ?? "";
    const [, port] = /^dpts?:(\S+)$/.exec(word) ?? [];
    if (port !== undefined) found.push(...option("--dport", port, false));
    else if (word === "dports" || word === "state" || word === "ctstate") {
      found.push(...option(word === "dports" ? "--dports" : "--ctstate", next, false));
      at += 1;
    } else if (word === "/*") {
      const end = words.indexOf("*/", at);
      at = end < 0 ? words.length : end;
    } else if (word === "helper" && target === "CT") at += 1;
    else if (word === "helper" && next === "match") {
      found.push("--helper", (words[at + 2] ?? "").replace(/"/g, ""));
      at += 2;
    } else if (word === "LOG" || word === "nflog-prefix") break;
    else if (!passed.test(word)) found.push(...unread);
  }
  return found;
}

function optionsOf(words: readonly string[], target: string): readonly string[] {
  const to = words.find((word) => word.startsWith("to:"))?.slice(3);
  if (to !== undefined) return [target === "SNAT" ? "--to-source" : "--to-destination", to];
  const helper = words[words.indexOf("helper") + 1];
  if (target === "CT" && words.includes("helper") && helper !== undefined) return ["--helper", helper];
  return target === "CT" && words.includes("notrack") ? ["--notrack"] : [];
}
