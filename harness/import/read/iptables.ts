/** iptables-save → rules that the lab's iptables loads, line by line, with what had to be left out. */
import { UsageError } from "../../model/errors";
import { contains } from "../../net/blocks";
import { originAt, type Piece } from "../pieces/piece";
import { addLeftOut, type LeftOut, type Origin } from "../place";
import { harmlessTargets, knownMatches, knownTargets, reasons } from "./known-extensions";
import { wordsOf, written } from "./iptables-words";

/** The built-in tables and chains of iptables. */
const builtIn: Readonly<Record<string, readonly string[]>> = {
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  raw: ["PREROUTING", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

export type LoadableRules = { readonly text: string; readonly leftOut: readonly LeftOut[] };

/** @throws UsageError where a table has no COMMIT */
export function loadableIptables(piece: Piece): LoadableRules {
  const leftOut: LeftOut[] = [];
  const chains = chainsIn(piece.lines);
  const kept: string[] = [];
  let table: { readonly name: string; readonly at: number } | null = null;
  for (const [index, line] of piece.lines.entries()) {
    const from = originAt(piece, index);
    const opened = /^\*(\S+)/.exec(line)?.[1];
    if (opened !== undefined) {
      if (table !== null) throw cutOff(piece, table);
      if (builtIn[opened] === undefined) throw noSuch(`a table ${opened}`, from);
      table = { name: opened, at: index };
    }
    if (line.startsWith("COMMIT")) table = null;
    const isRule = /^(\[\d+:\d+\] )?-/.test(line);
    if (isRule && table?.name === "nat" && dropsInNat.test(line)) {
      addLeftOut(leftOut, {
        what: "DROP in the table nat",
        why: nobodyDrops,
        from,
        decides: !isForInside(line, piece.lines),
      });
      continue;
    }
    const jumped = isRule && piece.origins === undefined ? chainOf(line) : null;
    if (jumped !== null && chains.get(table?.name ?? "")?.has(jumped) !== true) {
      throw noSuch(`a chain ${jumped}, to which this rule leads, in the table ${table?.name ?? ""}`, from);
    }
    const checked = isRule ? checkRule(line, chains.get(table?.name ?? "") ?? new Set(), from, leftOut) : line;
    if (checked !== null) kept.push(checked);
  }
  if (table !== null) throw cutOff(piece, table);
  return { text: `${kept.join("\n")}\n`, leftOut };
}

/** Where a rule leads to, if that can be no target of an extension: those are in capitals. */
function chainOf(line: string): string | null {
  const target = valueOf(wordsOf(line), "-j", "--jump", "-g", "--goto");
  return target === null || /^[A-Z0-9]+$/.test(target) ? null : target;
}

function noSuch(what: string, { file, line }: Origin): UsageError {
  return new UsageError(
    `${file}:${line}: there is no ${what.replace(/^a /, "")}, so iptables would load none of these rules.`,
    {
      code: "import-unreadable",
      hint: "Take the output of iptables-save again, as it is: this text was typed, recognised from a picture, or edited.",
    },
  );
}

/** Tomato's firmware writes it, with an iptables of old. */
const dropsInNat = /^(\[\d+:\d+\] )?-A .*-j DROP\b/;
const nobodyDrops = "iptables no longer takes it there";

/** Whether a rule asks for the network inside: connections from outside are for another address. */
function isForInside(line: string, lines: readonly string[]): boolean {
  const block = /(?<!! )-d (\d+\.\d+\.\d+\.\d+\/\d+)/.exec(line)?.[1];
  const targets = lines.flatMap((one) => /--dport.*--to-destination (\d+\.\d+\.\d+\.\d+)/.exec(one)?.[1] ?? []);
  return block !== undefined && targets.some((address) => contains(block, address));
}

function cutOff(piece: Piece, { name, at }: { readonly name: string; readonly at: number }): UsageError {
  const { file, line } = originAt(piece, at);
  return new UsageError(`${file}:${line}: the table ${name} begins here and has no COMMIT: the file was cut off.`, {
    code: "import-cut-off",
    hint: "Take the whole output of iptables-save again.",
  });
}

/** Chains of each table. */
function chainsIn(lines: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const chains = new Map<string, Set<string>>();
  let table = "";
  for (const line of lines) {
    const opened = /^\*(\S+)/.exec(line)?.[1];
    if (opened !== undefined) table = opened;
    const named = /^(?::|-N )(\S+)/.exec(line)?.[1];
    if (!chains.has(table)) chains.set(table, new Set(builtIn[table] ?? []));
    if (named !== undefined) chains.get(table)?.add(named);
  }
  return chains;
}

/** The rule as the lab loads it; `null` if it is left out. */
function checkRule(line: string, chains: ReadonlySet<string>, from: Origin, leftOut: LeftOut[]): string | null {
  const words = wordsOf(line);
  const target = valueOf(words, "-j", "--jump");
  const drop = (what: string, why: string, decides: boolean): null => {
    addLeftOut(leftOut, { what, why, from, decides: decides && canMeetTcp(words) });
    return null;
  };
  for (const [at, word] of words.entries()) {
    const match = words[at + 1] ?? "";
    if ((word !== "-m" && word !== "--match") || knownMatches.has(match)) continue;
    const decides = !harmlessTargets.has(target ?? "");
    if (match === "set")
      return drop(
        `-m set --match-set ${valueOf(words, "--match-set") ?? ""}`.trim(),
        "the contents of ipset's sets were not given",
        decides,
      );
    return drop(`-m ${match}`, "the lab's routers lack this match", decides);
  }
  if (target === null || knownTargets.has(target) || chains.has(target)) return modern(words, line);
  if (
    (target === "FULLCONENAT" && words.includes("POSTROUTING")) ||
    (target === "FULLCONENAT" && /postrouting/i.test(line))
  ) {
    addLeftOut(leftOut, {
      what: "-j FULLCONENAT",
      why: "the lab's kernel lacks it; MASQUERADE replaces it",
      from,
      decides: false,
    });
    return line.replace(/-j FULLCONENAT.*$/, "-j MASQUERADE");
  }
  return drop(`-j ${target}`, reasons[target] ?? "the lab's routers lack this target", !harmlessTargets.has(target));
}

/** Old spellings that iptables no longer takes: `-i ! eth0`, and options of patched kernels. */
function modern(words: readonly string[], line: string): string {
  const isOld = words.some(
    (word, at) => /^--?[a-z]/.test(word) && words[at + 1] === "!" && !/^--?[a-z]/.test(words[at + 2] ?? "-x"),
  );
  const patched = /-j MASQUERADE.* --mode \w+/.test(line);
  if (!isOld && !patched) return line;
  const turned: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (words[at + 1] === "!" && /^--?[a-z]/.test(words[at] ?? "") && !/^--?[a-z]/.test(words[at + 2] ?? "-x")) {
      turned.push("!", words[at] ?? "");
      at += 1;
    } else if (words[at] === "--mode" && patched) at += 1;
    else turned.push(words[at] ?? "");
  }
  return turned.map(written).join(" ");
}

function canMeetTcp(words: readonly string[]): boolean {
  const protocol = valueOf(words, "-p", "--protocol", "--proto");
  const isNegated = words[words.indexOf("-p") - 1] === "!";
  return protocol === null || isNegated || ["tcp", "6", "all", "0"].includes(protocol);
}

/** The word behind one of these options. */
export function valueOf(words: readonly string[], ...options: readonly string[]): string | null {
  const at = words.findIndex((word) => options.includes(word));
  return at < 0 ? null : (words[at + 1] ?? null);
}
