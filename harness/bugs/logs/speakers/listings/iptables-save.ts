import { parseSavedTables } from "../../../../evidence/text/saved-rules";
import { readRule } from "../../../../evidence/text/rule-words";
import { nothingSaid, type LineReader, type SpeakerForm } from "../speaker-form";
import { policyFact, ruleFacts } from "./rule-fact";

/** `iptables-save`, `iptables -S`, and commands that add rules, as people keep them in scripts. */
export const iptablesSave: SpeakerForm = {
  id: "iptables-save",
  title: "iptables' rules",
  by: "listing",
  software: null,
  begin: readSaved,
};

/** What a shell has before the rule. */
const commandWord = /^(?:[#$] )?(?:sudo )?(?:\/\S*\/)?ip6?tables(?:-legacy|-nft)?(?: -w(?: \d+)?)? +/;

function readSaved(): LineReader {
  let table: string | null = null;
  return (text) => {
    const line = text.trim();
    const [, name] = /^\*(filter|nat|mangle|raw|security)$/.exec(line) ?? [];
    if (name !== undefined) {
      table = name;
      return nothingSaid;
    }
    if (line === "COMMIT") {
      table = null;
      return nothingSaid;
    }
    if (/^# (?:Generated|Completed|Warning)\b.*\bip6?tables/.test(line)) return nothingSaid;
    const [, chain, policy] =
      /^:([\w.-]{1,40}) (ACCEPT|DROP|-)\b/.exec(line) ?? /^-P (\S{1,40}) (ACCEPT|DROP)\b/.exec(line) ?? [];
    if (chain !== undefined && policy !== undefined) {
      const fact = policyFact({ chain, table }, policy);
      return fact === null ? nothingSaid : { facts: [fact] };
    }
    const isCommand = commandWord.test(line);
    if (!isCommand && !/^(?:\[\d+:\d+\] )?(?:-A \S{1,40} .*-[jg] \S|-N [\w.-]+$)/.test(line)) return null;
    return isCommand ? ofCommand(line.replace(commandWord, "")) : ofRule(line, table);
  };
}

/** Rules without their table are the filter's, where they are typed. */
function ofCommand(rule: string): ReturnType<LineReader> {
  const table = /(?:^|\s)(?:-t|--table) (\w+)/.exec(rule)?.[1] ?? "filter";
  const rest = rule.replace(/(?:^|\s)(?:-t|--table) \w+/, "").trim();
  const [, chain, policy] = /^(?:-P|--policy) (\S+) (\w+)/.exec(rest) ?? [];
  if (chain !== undefined && policy !== undefined) {
    const fact = policyFact({ chain, table }, policy);
    return fact === null ? nothingSaid : { facts: [fact] };
  }
  // A place in the chain may follow `-I`.
  const added = rest.replace(/^(?:-I|--insert) (\S+)(?: \d+)?/, "-A $1");
  return /^(?:-A|--append) /.test(added) ? ofRule(added, table) : nothingSaid;
}

function ofRule(line: string, table: string | null): ReturnType<LineReader> {
  const chains = parseSavedTables(`*table\n${line}`).get("table")?.chains ?? new Map<string, readonly string[][]>();
  const facts = [...chains].flatMap(([chain, rules]) =>
    rules.flatMap((words) => {
      const rule = readRule(words);
      const at = words.findIndex((word) => word === "-p" || word === "--protocol");
      return rule === null ? [] : ruleFacts(rule, { chain, table }, at < 0 ? null : (words[at + 1] ?? null));
    }),
  );
  return { facts };
}
