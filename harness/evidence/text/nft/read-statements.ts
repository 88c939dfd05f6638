import { parseAddress } from "../../../net/address";
import { beginsExpression, readExpression, readMask, readRight, scalarOf } from "./read-expression";
import { Cursor, type Token } from "./tokens";

const verdicts: readonly string[] = ["accept", "drop", "continue", "return", "notrack"];

/** Words with which a statement may begin, so that what is not read before them can be passed over. */
const beginnings: ReadonlySet<string> = new Set([
  ...verdicts,
  ...[
    "jump",
    "goto",
    "reject",
    "counter",
    "log",
    "limit",
    "quota",
    "comment",
    "dnat",
    "snat",
    "masquerade",
    "redirect",
    "queue",
  ],
  ...["flow", "add", "update", "delete", "meter", "tproxy", "synproxy", "dup", "fwd", "xt", "last", "vmap", "secmark"],
]);

/** The statements of a rule, as libnftables-json(5) has them; one that is not read is told as `unread`, so that it asks for something. */
export function readStatements(tokens: readonly Token[]): readonly unknown[] {
  const cursor = new Cursor(tokens.filter(({ kind }) => kind !== "end"));
  const statements: unknown[] = [];
  while (!cursor.isAtEnd) statements.push(readStatement(cursor));
  return statements;
}

function readStatement(cursor: Cursor): unknown {
  const { word } = cursor;
  if (beginsExpression(word)) return readMatch(cursor);
  cursor.take();
  if (verdicts.includes(word)) return { [word]: null };
  switch (word) {
    case "jump":
    case "goto":
      return { [word]: { target: cursor.take()?.text ?? "" } };
    case "reject":
      // Nothing but a comment comes behind it and what it answers with.
      while (!cursor.isAtEnd) cursor.take();
      return { reject: null };
    case "counter":
    case "log":
    case "last":
    case "dup":
    case "secmark":
      return { [word]: skipped(cursor) };
    case "comment":
      cursor.take();
      return { comment: null };
    case "flow":
      return { flow: skipped(cursor, "add", "delete") };
    case "limit":
      return { limit: readLimit(cursor) };
    case "quota":
    case "meter":
      return { [word]: skipped(cursor) };
    case "add":
    case "update":
    case "delete":
      return readSetStatement(word, cursor);
    case "dnat":
    case "snat":
    case "redirect":
    case "masquerade":
      return { [word]: readTranslation(cursor) };
    case "queue":
    case "tproxy":
    case "synproxy":
    case "fwd":
      return { [word]: skipped(cursor) };
    case "xt":
      return { xt: { type: cursor.take()?.text ?? "", name: skipped(cursor) } };
    default:
      skipped(cursor);
      return { unread: word };
  }
}

/** Passes over what belongs to a statement: up to the beginning of the next. */
function skipped(cursor: Cursor, ...own: readonly string[]): null {
  cursor.takeIf(...own);
  while (!cursor.isAtEnd && !beginnings.has(cursor.word) && !beginsExpression(cursor.word)) {
    if (cursor.take()?.text === "{") cursor.takeBlock();
  }
  return null;
}

/** `rate over 25/second burst 50 packets`: what is asked of the burst, as nft's JSON says it. */
function readLimit(cursor: Cursor): unknown {
  cursor.takeIf("rate");
  const inv = cursor.takeIf("over") !== null;
  let burst: number | null = null;
  while (!cursor.isAtEnd && !beginnings.has(cursor.word) && !beginsExpression(cursor.word)) {
    const isBurst = cursor.takeIf("burst") !== null;
    const word = cursor.take()?.text ?? "";
    if (isBurst && cursor.word === "packets") burst = Number(word);
  }
  return { ...(burst === null ? {} : { burst }), ...(inv ? { inv } : {}) };
}

function readMatch(cursor: Cursor): unknown {
  const left = readExpression(cursor);
  if (cursor.takeIf("set") !== null) return readSetting(left, cursor);
  if (cursor.takeIf("vmap") !== null) return { vmap: { key: left, data: readRight(cursor) } };
  if (cursor.takeIf("&") !== null) {
    const mask = readMask(cursor);
    const op = cursor.takeIf("==", "!=", "<", ">", "<=", ">=") ?? "==";
    return { match: { op, left: { "&": [left, { "|": mask }] }, right: readRight(cursor) } };
  }
  // `ct count over 10`
  if (cursor.takeIf("over") !== null) {
    const val = Number(cursor.word);
    skipped(cursor);
    return { "ct count": { val, inv: true } };
  }
  const op = cursor.takeIf("==", "!=", "<", ">", "<=", ">=", "!") ?? "==";
  const right = readRight(cursor);
  if (cursor.takeIf("/") !== null)
    return { match: { op, left: { "&": [left, { "|": readMask(cursor) }] }, right: orOf(right) } };
  return { match: { op: op === "==" && Array.isArray(right) ? "in" : op, left, right } };
}

function orOf(right: unknown): unknown {
  return Array.isArray(right) ? { "|": right as readonly unknown[] } : right;
}

/** `ct helper set "NAME"`, or a map of names; all other settings change a packet, and no verdict. */
function readSetting(left: unknown, cursor: Cursor): unknown {
  const isHelper = JSON.stringify(left) === '{"ct":{"key":"helper"}}';
  if (!isHelper) {
    // The value may be an expression itself: `meta mark set ct mark`.
    if (beginsExpression(cursor.word)) readExpression(cursor);
    return { mangle: skipped(cursor) };
  }
  const next = cursor.peek();
  if (next !== undefined && next.kind !== "quoted" && beginsExpression(next.text))
    return { "ct helper": readMapped(cursor) };
  return { "ct helper": cursor.take()?.text ?? "" };
}

/** `EXPRESSION map { ... }` or `EXPRESSION map @NAME`. */
function readMapped(cursor: Cursor): unknown {
  const key = readExpression(cursor);
  return cursor.takeIf("map") === null ? { unread: key } : { map: { key, data: readRight(cursor) } };
}

/** Whether all packets go on depends on what stands in the braces. */
function readSetStatement(op: string, cursor: Cursor): unknown {
  cursor.take();
  if (cursor.takeIf("{") === null) return { set: { op } };
  const inner = cursor.takeBlock().filter(({ kind }) => kind === "word");
  const asks = inner.some(({ text }) => text === "limit" || text === "quota" || text === "count");
  return { set: { op, stmt: asks ? [{ limit: null }] : [] } };
}

/** What follows `dnat`, `snat`, `redirect` or `masquerade`. */
function readTranslation(cursor: Cursor): unknown {
  const family = cursor.takeIf("ip", "ip6");
  cursor.takeIf("prefix", "addr");
  if (cursor.takeIf(".") !== null) cursor.takeIf("port");
  if (cursor.takeIf("to") === null) {
    while (!cursor.isAtEnd) cursor.take();
    return family === null ? {} : { family };
  }
  const next = cursor.peek();
  const target =
    next?.kind === "word" && beginsExpression(next.text) ? { addr: readMapped(cursor) } : readTarget(cursor);
  while (!cursor.isAtEnd) cursor.take();
  return family === null ? target : { family, ...target };
}

/** `ADDRESS`, `ADDRESS:PORTS`, `[ADDRESS]:PORTS`, `:PORTS`, `FIRST-LAST`. */
function readTarget(cursor: Cursor): { readonly addr?: unknown; readonly port?: unknown } {
  const token = cursor.take();
  const text = token?.text ?? "";
  const [, bracketed, bare, ports] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([\d-]{1,11}))?$/.exec(text) ?? [];
  const word = bracketed ?? bare;
  if (word === undefined) return { addr: addressOf(text) };
  return {
    ...(word === "" ? {} : { addr: addressOf(word) }),
    ...(ports === undefined ? {} : { port: scalarOf({ kind: "word", text: ports }) }),
  };
}

function addressOf(text: string): unknown {
  return parseAddress(text) === null ? scalarOf({ kind: "word", text }) : text;
}
