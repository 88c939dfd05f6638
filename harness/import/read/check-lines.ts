/** What no kernel would take of rules and settings: told with its place, before anything is made of them. */
import { UsageError } from "../../model/errors";
import { harmless } from "../../text/nearest";
import { originAt, type Piece } from "../pieces/piece";
import { placeText, type Origin } from "../place";

/** The kernel takes more, and no person writes as many. */
const mostRules = 20_000;

/** @throws UsageError with the line that names what cannot be, that occurs twice, or where there are too many */
export function checkLines(piece: Piece): void {
  checkLength(piece);
  const isNft = piece.kind === "nft";
  const tables = new Map<string, Origin>();
  for (const [index, line] of piece.lines.entries()) {
    if (/^\s*#/.test(line)) continue;
    const from = originAt(piece, index);
    const table = /^\*(\S+)/.exec(line)?.[1];
    if (table !== undefined && piece.origins === undefined) {
      const before = tables.get(table);
      if (before !== undefined) throw twice(table, before, from);
      tables.set(table, from);
    }
    if (!isNft && !/^(\[\d+:\d+\] )?-/.test(line)) continue;
    const problem = problemIn(line, isNft);
    if (problem !== null) throw refused(problem, from);
  }
}

/** @throws UsageError where a value's quotation does not end */
export function checkUci(piece: Piece): void {
  for (const [index, line] of piece.lines.entries()) {
    const rest = line.replace(/#.*$/, "").replace(/'[^']*'|"[^"]*"/g, "");
    if (/^\s*(?:config|option|list)\b/.test(line) && /['"]/.test(rest)) {
      throw cutOff("the quotation in this line does not end", originAt(piece, index), "Take the whole file again.");
    }
  }
}

/** @throws UsageError where a section of a `proftpd.conf` does not end, or ends where none has begun */
export function checkSections(piece: Piece): void {
  const open: { readonly name: string; readonly from: Origin }[] = [];
  for (const [index, line] of piece.lines.entries()) {
    const [, slash, name = ""] = /^\s*<(\/?)(\w+)/.exec(line) ?? [];
    if (slash === undefined) continue;
    const from = originAt(piece, index);
    if (slash === "") open.push({ name, from });
    else if (open.pop()?.name.toLowerCase() !== name.toLowerCase()) {
      throw cutOff(`</${name}> ends a section that did not begin`, from, "Take the whole file again.");
    }
  }
  const last = open.at(-1);
  if (last !== undefined)
    throw cutOff(`<${last.name}> does not end in this file`, last.from, "Take the whole file again.");
}

function checkLength({ kind, lines, from }: Piece): void {
  const isRule = kind === "nft" ? /[^{}\s]\s*$/ : /^(\[\d+:\d+\] )?-[AI] /;
  const rules = lines.reduce((count, line) => count + (isRule.test(line) ? 1 : 0), 0);
  if (rules <= mostRules) return;
  throw new UsageError(`${from.file} has ${rules} rules, and import takes at most ${mostRules}.`, {
    code: "import-too-long",
    hint: "Leave out what does not affect FTP, such as lists of blocked addresses.",
  });
}

/** What is wrong with a rule, as a clause; `null` if nothing is. */
function problemIn(line: string, isNft: boolean): string | null {
  const bare = line.replace(/\\"/g, "");
  if ((bare.match(/"/g)?.length ?? 0) % 2 === 1) return "a text in quotes does not end";
  // Comments and prefixes of logs may hold anything.
  const rule = bare.replace(/(--comment|--log-prefix|--nflog-prefix|\bcomment|\bprefix) ("[^"]*"|\S+)/g, "$1");
  return addressProblem(rule) ?? portProblem(rule) ?? interfaceProblem(rule, isNft);
}

function addressProblem(rule: string): string | null {
  for (const [text, ...numbers] of rule.matchAll(
    /(?<![\w.:-])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,3})(?![\d.]))?(?![\d.])/g,
  )) {
    const [prefix, ...octets] = [numbers[4], ...numbers.slice(0, 4)];
    if (octets.some((octet) => Number(octet) > 255) || Number(prefix ?? 0) > 32) return `${text} is no address`;
  }
  return null;
}

const portWords = /(?:--(?:[ds]|source-|destination-)ports?|\b[ds]port) (?:!=? ?)?(\{[^}]*\}|[\w:,-]+)/g;
const targetPorts = /(?:--to-destination|--to-ports?|\bdnat (?:ip )?to) \S*?:?(\d+(?:-\d+)?)(?![\d.])(?=\s|$)/g;

function portProblem(rule: string): string | null {
  const asked = [...rule.matchAll(portWords), ...rule.matchAll(targetPorts)].flatMap(([, ports = ""]) =>
    ports.replace(/[{}\s]/g, "").split(","),
  );
  for (const range of asked) {
    const [, first, last = first] = /^(\d+)(?:[:-](\d+))?$/.exec(range) ?? [];
    if (first === undefined) continue;
    if (Number(first) > 65_535 || Number(last) > 65_535) return `${range} is no port`;
    if (Number(first) > Number(last)) return `the range ${range} is upside down`;
  }
  return null;
}

/** IFNAMSIZ is 16 with the zero at the end (if.h), and neither a blank nor a slash may be in a name (dev_valid_name). */
function interfaceProblem(rule: string, isNft: boolean): string | null {
  const names = isNft
    ? [...rule.matchAll(/\b[io]ifname (?:!= )?"([^"]*)"/g)].map(([, name = ""]) => name)
    : [...rule.matchAll(/(?:^|\s)(?:-[io]|--(?:in|out)-interface) (?:! )?"?([^\s"]+)/g)].map(([, name = ""]) => name);
  const wrong = names.find((name) => name.length > 15 || !/^[\w.@:+*-]+$/.test(name));
  return wrong === undefined ? null : `\`${harmless(wrong, 40)}\` is no name of an interface`;
}

function refused(problem: string, from: Origin): UsageError {
  return new UsageError(`${placeText(from)}: ${problem}, so the rules would not be loaded.`, {
    code: "import-unreadable",
    hint: "Take the rules from the machine again, as it prints them: this text was typed or edited.",
  });
}

function twice(table: string, before: Origin, from: Origin): UsageError {
  return new UsageError(
    `${placeText(from)}: the table ${table} begins here a second time; the first is in line ${before.line}.`,
    {
      code: "import-two-machines",
      hint: "If these are two machines, give each a file and say which it is: NAME=FILE. If it is one, leave out the older dump.",
    },
  );
}

function cutOff(what: string, from: Origin, hint: string): UsageError {
  return new UsageError(`${placeText(from)}: ${what}: the file was cut off.`, { code: "import-cut-off", hint });
}
