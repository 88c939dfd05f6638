/** A user's file of rules: what it is, or what it is instead and what to do then. */
import type { RulesFile } from "../model/topology";
import { decodedText } from "../text/decode";
import { counted } from "../text/quantity";
import { rulesFormat } from "../plan/user-rules";

/** Why a text is no file of rules: `message` follows the file's name. */
export type RulesProblem = { readonly message: string; readonly line: number | null; readonly hint: string };

/** More than the lab loads. */
export const mostRulesBytes = 1024 * 1024;

const saveHint = "Give what `iptables-save` (or `nft list ruleset`) prints on the router.";

/** Reads the bytes of a file; UTF-8 and UTF-16, with any line ends. */
export function readRules(bytes: Uint8Array, file: string): RulesFile | RulesProblem {
  const text = decodedText(bytes);
  if (text === null) return problem("is not text: it has bytes that no text has", null, saveHint);
  return rulesOf(text, file);
}

/** As {@link readRules}, of text. */
export function rulesOf(written: string, file: string): RulesFile | RulesProblem {
  const text = written.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const wrong = wrongWithRules(text);
  if (wrong !== null) return wrong;
  return { format: rulesFormat(text) ?? "iptables", file, text: text.endsWith("\n") ? text : `${text}\n` };
}

/** Whether a file could be read. */
export function isRulesProblem(read: RulesFile | RulesProblem): read is RulesProblem {
  return "message" in read;
}

function wrongWithRules(text: string): RulesProblem | null {
  if (text.length > mostRulesBytes) {
    const lines = counted(text.split("\n").length - 1, "line");
    const hint = "Leave out what does not affect FTP, such as lists of blocked addresses.";
    return problem(`is too long: ${lines}, and the lab takes 1 MB of rules`, null, hint);
  }
  const lines = text.split("\n");
  const meant = lines.findIndex((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  if (meant === -1) return problem(text.trim() === "" ? "is empty" : "has no rules, only comments", null, saveHint);
  switch (rulesFormat(text)) {
    case null:
      return otherKind(lines, meant);
    case "iptables":
      return wrongWithTables(lines);
    case "nftables":
      return wrongWithBraces(lines);
  }
}

/** What else it may be. */
function otherKind(lines: readonly string[], first: number): RulesProblem {
  const line = lines[first] ?? "";
  const command = lines.findIndex((one) =>
    /^\s*(sudo\s+)?(\/\S*\/)?(ip6?tables|ebtables|ufw|nft)\s+-{0,2}\w/.test(one),
  );
  const variable = lines.findIndex((one) => /^\s*"?\$\{?\w+\}?"?\s+(-t\s+\w+\s+)?-[AIPNFX]\b/.test(one));
  if (/^#!.*sh\b/.test(lines[0] ?? "") || command !== -1 || variable !== -1) {
    const place = [command, variable].find((index) => index !== -1) ?? 0;
    const hint = "Run it on the router and give what `iptables-save` prints there, or let `import` read it.";
    return problem("is a shell script, and scripts are never run here", place + 1, hint);
  }
  if (/^\s*Chain \S+ \(/.test(line)) {
    return problem("is the output of `iptables -L`, which leaves interfaces out", first + 1, saveHint);
  }
  if (/^\s*\{/.test(line) && lines.join("\n").includes('"nftables"')) {
    return problem("is the output of `nft -j`", first + 1, "Give what `nft list ruleset` prints, without -j.");
  }
  if (lines.some((one) => /^\s*(config (zone|rule|redirect|defaults|forwarding)\b|firewall\.@)/.test(one))) {
    const hint = "Give the rules that `fw4 print` or `iptables-save` prints on the router, or let `import` read it.";
    return problem("is a configuration of OpenWrt's firewall and not its rules", first + 1, hint);
  }
  const hint = "iptables-save begins a table with `*filter`, nftables with `table inet filter {`.";
  return problem("is neither the output of iptables-save nor an nftables file", first + 1, hint);
}

/** Each table of iptables-save ends in COMMIT, and there is one of a kind. */
function wrongWithTables(lines: readonly string[]): RulesProblem | null {
  const begun = new Map<string, number>();
  let open: { readonly name: string; readonly line: number } | null = null;
  for (const [index, written] of lines.entries()) {
    const line = written.trim();
    const name = /^\*([a-z]+)$/.exec(line)?.[1];
    if (line === "COMMIT") open = null;
    if (name === undefined) continue;
    if (open !== null) return cutTable(open);
    const before = begun.get(name);
    if (before !== undefined) return secondTable(lines, name, { line: index + 1, before });
    begun.set(name, index + 1);
    open = { name, line: index + 1 };
  }
  return open === null ? null : cutTable(open);
}

function cutTable({ name, line }: { readonly name: string; readonly line: number }): RulesProblem {
  const hint = "The file is cut off. Save it again: `iptables-save > rules.v4`.";
  return problem(`has a table *${name} without its COMMIT`, line, hint);
}

function secondTable(
  lines: readonly string[],
  name: string,
  { line, before }: { readonly line: number; readonly before: number },
): RulesProblem {
  const isOfIpv6 = lines.some((one) => one.startsWith("# Generated by ip6tables-save"));
  const hint = isOfIpv6
    ? "It holds rules of both IP versions: give what `iptables-save` prints and what `ip6tables-save` prints as two files."
    : "It looks like files of two routers. Give each its own: --router-rules ROUTER=FILE.";
  return problem(`has a second table *${name}, the first is in line ${before}`, line, hint);
}

/** nftables' braces are closed, and it names no other file. */
function wrongWithBraces(lines: readonly string[]): RulesProblem | null {
  const open: number[] = [];
  for (const [index, written] of lines.entries()) {
    const line = written.replace(/"[^"]*"/g, '""').replace(/#.*$/, "");
    if (/^\s*include\b/.test(line)) {
      const hint = "Give what `nft list ruleset` prints on the router: that contains the included files.";
      return problem("includes another file, which is not given", index + 1, hint);
    }
    for (const character of line) {
      if (character === "{") open.push(index + 1);
      if (character === "}" && open.pop() === undefined)
        return problem("closes a brace that was never opened", index + 1, saveHint);
    }
  }
  const [first] = open;
  const hint = "The file is cut off. Save it again: `nft list ruleset > rules.nft`.";
  return first === undefined ? null : problem("has a brace that is never closed", first, hint);
}

function problem(message: string, line: number | null, hint: string): RulesProblem {
  return { message, line, hint };
}
