import { parseAddress } from "../../../net/address";
import type { Cursor } from "./tokens";
import { type Token } from "./tokens";

/** Expressions of nft's language, as libnftables-json(5) has them. */

const payloads: ReadonlySet<string> = new Set([
  ...["ip", "ip6", "tcp", "udp", "th", "icmp", "icmpv6", "ether", "sctp", "dccp", "udplite", "ah", "esp", "comp"],
  ...["igmp", "arp", "vlan", "gre"],
]);

const bareMeta: ReadonlySet<string> = new Set([
  ...["iif", "iifname", "oif", "oifname", "iiftype", "oiftype", "iifgroup", "oifgroup", "mark", "skuid", "skgid"],
  ...[
    "l4proto",
    "nfproto",
    "protocol",
    "pkttype",
    "cpu",
    "cgroup",
    "length",
    "priority",
    "rtclassid",
    "time",
    "day",
    "hour",
  ],
]);

/** Whether an expression can begin with the word. */
export function beginsExpression(word: string): boolean {
  return (
    payloads.has(word) ||
    bareMeta.has(word) ||
    ["meta", "ct", "fib", "rt", "socket", "numgen", "exthdr"].includes(word) ||
    /^@(?:ll|nh|th|ih),/.test(word)
  );
}

/** One selector, or several with dots between them; what is not known has the kind `unread`. */
export function readExpression(cursor: Cursor): unknown {
  const parts = [readPart(cursor)];
  while (cursor.takeIf(".") !== null) parts.push(readPart(cursor));
  return parts.length === 1 ? parts[0] : { concat: parts };
}

function readPart(cursor: Cursor): unknown {
  const word = cursor.take()?.text ?? "";
  if (word === "tcp" && cursor.word === "option") {
    cursor.take();
    const name = cursor.take()?.text ?? "";
    const field = cursor.takeIf("size", "missing", "exists") ?? "";
    return { "tcp option": { name, field } };
  }
  if (payloads.has(word)) return { payload: { protocol: word, field: cursor.take()?.text ?? "" } };
  if (word === "meta") return { meta: { key: cursor.take()?.text ?? "" } };
  if (bareMeta.has(word)) return { meta: { key: word } };
  if (word === "ct") {
    const dir = cursor.takeIf("original", "reply");
    const family = cursor.takeIf("ip", "ip6");
    const key = `${family === null ? "" : `${family} `}${cursor.take()?.text ?? ""}`;
    return { ct: dir === null ? { key } : { key, dir } };
  }
  if (word === "fib") {
    const flags = [cursor.take()?.text ?? ""];
    while (cursor.takeIf(".") !== null) flags.push(cursor.take()?.text ?? "");
    return { fib: { result: cursor.take()?.text ?? "", flags } };
  }
  if (word === "rt" || word === "socket" || word === "exthdr") return { [word]: { key: cursor.take()?.text ?? "" } };
  if (word === "numgen") {
    const mode = cursor.take()?.text ?? "";
    while (cursor.takeIf("mod", "offset") !== null) cursor.take();
    return { numgen: { mode } };
  }
  return { unread: word };
}

/** What stands on the right side: a set, the name of one, a list of words, or one value. */
export function readRight(cursor: Cursor): unknown {
  if (cursor.word === "{") {
    cursor.take();
    return { set: readElements(cursor.takeBlock()) };
  }
  if (cursor.word === "(") return { "|": readMask(cursor) };
  const values = [readValue(cursor)];
  let isOr = false;
  for (let sign = cursor.takeIf(",", "|"); sign !== null; sign = cursor.takeIf(",", "|")) {
    isOr ||= sign === "|";
    values.push(readValue(cursor));
  }
  if (values.length === 1) return values[0];
  return isOr ? { "|": values } : values;
}

/** The words of `(a | b)`, or of `a,b`. */
export function readMask(cursor: Cursor): readonly unknown[] {
  const isGroup = cursor.takeIf("(") !== null;
  const words = [readValue(cursor)];
  while (cursor.takeIf("|", ",") !== null) words.push(readValue(cursor));
  if (isGroup) cursor.takeIf(")");
  return words;
}

function readValue(cursor: Cursor): unknown {
  const token = cursor.take();
  return token === undefined ? "" : scalarOf(token);
}

/** A number, a range, a block of addresses, or the word itself. */
export function scalarOf({ kind, text }: Pick<Token, "kind" | "text">): unknown {
  if (kind === "quoted") return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [, first = "", last = ""] = /^([^-]{1,50})-([^-]{1,50})$/.exec(text) ?? [];
  if (/^\d{1,5}$/.test(first) && /^\d{1,5}$/.test(last)) return { range: [Number(first), Number(last)] };
  if (parseAddress(first) !== null && parseAddress(last) !== null) return { range: [first, last] };
  const [, addr, len] = /^([\d.]+|[\da-f:.]+)\/(\d{1,3})$/i.exec(text) ?? [];
  return addr === undefined ? text : { prefix: { addr, len: Number(len) } };
}

/** The elements of a set or map: values, concatenations, and pairs of a key and what it stands for. */
export function readElements(tokens: readonly Token[]): readonly unknown[] {
  const elements: unknown[] = [];
  let own: Token[] = [];
  const close = (): void => {
    if (own.length > 0) elements.push(readElement(own));
    own = [];
  };
  for (const token of tokens) {
    if (token.kind === "end") continue;
    if (token.kind === "sign" && token.text === ",") close();
    else own.push(token);
  }
  close();
  return elements;
}

function readElement(tokens: readonly Token[]): unknown {
  const at = tokens.findIndex(({ kind, text }) => kind === "word" && text === ":");
  if (at < 0) return joined(tokens);
  const value = tokens.slice(at + 1);
  const [verdict, target] = value;
  const isJump = verdict?.text === "jump" || verdict?.text === "goto";
  if (isJump) return [joined(tokens.slice(0, at)), { [verdict.text]: { target: target?.text ?? "" } }];
  const isVerdict = ["accept", "drop", "return", "continue"].includes(verdict?.text ?? "") && verdict?.kind === "word";
  return [joined(tokens.slice(0, at)), isVerdict ? { [verdict.text]: null } : joined(value)];
}

/** `A . B`, or one value; what follows it (counters, time-outs, comments) is of no interest. */
function joined(tokens: readonly Token[]): unknown {
  const parts: unknown[] = [];
  for (let at = 0; at < tokens.length; at += 2) {
    const [value, dot] = [tokens[at], tokens[at + 1]];
    if (value !== undefined) parts.push(scalarOf(value));
    if (dot?.text !== "." || dot.kind !== "word") break;
  }
  return parts.length === 1 ? parts[0] : { concat: parts };
}
