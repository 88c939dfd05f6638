import { readElements } from "./read-expression";
import { readStatements } from "./read-statements";
import { Cursor, tokensOf, withDefinitions, type Token } from "./tokens";

/** Names of priorities, of all families but bridge (nft(8)). */
const priorities: Readonly<Record<string, number>> = {
  ...{ raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 },
};

/**
 * What `nft list ruleset` prints, as the objects that `nft -j list ruleset` would print. Commands that add are read as what they add;
 * others, which may change what stands there, are told as `unread` with their text.
 */
export function nftObjects(text: string): readonly unknown[] {
  const cursor = new Cursor(withDefinitions(tokensOf(text)));
  const objects: unknown[] = [];
  while (!cursor.isAtEnd) {
    if (commands.has(cursor.word)) {
      const line = cursor.takeLine();
      objects.push(...(readCommand(line) ?? [{ unread: { text: textOfTokens(line) } }]));
      continue;
    }
    const line = headOf(cursor);
    if (line.words[0] === "table" && line.opens) {
      const [, family = "ip", name = family] = line.words;
      const isNamed = line.words.length > 2;
      const place = { family: isNamed ? family : "ip", table: name };
      objects.push({ table: { family: place.family, name } }, ...readTable(new Cursor(cursor.takeBlock()), place));
    } else if (line.opens) cursor.takeBlock();
  }
  return objects;
}

const commands: ReadonlySet<string> = new Set([
  ...["add", "create", "insert", "replace", "delete", "destroy", "reset", "rename", "flush", "include"],
]);

const families: readonly string[] = ["ip", "ip6", "inet", "arp", "bridge", "netdev"];

/** What a command at the outermost level adds; `null` for one that is not read. */
function readCommand(line: readonly Token[]): readonly unknown[] | null {
  const cursor = new Cursor(line.filter(({ kind }, index) => kind !== "end" || index < line.length - 1));
  const verb = cursor.take()?.text ?? "";
  const isRuleset = cursor.word === "ruleset" || cursor.word === "table";
  // Most files begin with what makes them loadable twice.
  if (isRuleset && ["flush", "delete", "destroy"].includes(verb)) return [];
  if (verb !== "add" && verb !== "create" && verb !== "insert") return null;
  const what = cursor.take()?.text ?? "";
  const isHelper = what === "ct" && cursor.takeIf("helper") !== null;
  const family = cursor.takeIf(...families) ?? "ip";
  const table = cursor.take()?.text ?? "";
  const place = { family, table };
  if (what === "table" && cursor.isAtEnd) return [{ table: { family, name: table } }];
  const name = cursor.take()?.text ?? "";
  if (what === "rule") {
    if (cursor.takeIf("handle", "position", "index") !== null) return null;
    const tokens: Token[] = [];
    for (let token = cursor.take(); token !== undefined; token = cursor.take()) tokens.push(token);
    return [{ rule: { ...place, chain: name, ...ruleOf(tokens), ...(verb === "insert" ? { insert: true } : {}) } }];
  }
  const body = cursor.takeIf("{") === null ? [] : cursor.takeBlock();
  if (what === "chain") return readChain(body, place, name);
  if (what === "set" || what === "map") return [{ [what]: { ...place, name, ...readSet(body) } }];
  return isHelper ? [{ "ct helper": { ...place, name, type: wordAfter(body, "type") } }] : null;
}

function ruleOf(line: readonly Token[]): Readonly<Record<string, unknown>> {
  return { handle: line.at(-1)?.handle ?? null, expr: readStatements(line), text: textOfTokens(line) };
}

function textOfTokens(line: readonly Token[]): string {
  return line
    .filter(({ kind }) => kind !== "end")
    .map(({ kind, text }) => (kind === "quoted" ? `"${text}"` : text))
    .join(" ")
    .replaceAll(" ,", ",");
}

type Place = { readonly family: string; readonly table: string };

/** The words before a brace, which is taken too, or before a line's end. */
function headOf(cursor: Cursor): { readonly words: readonly string[]; readonly opens: boolean } {
  const words: string[] = [];
  for (let token = cursor.take(); token !== undefined; token = cursor.take()) {
    if (token.kind === "end") return { words, opens: false };
    if (token.kind === "sign" && token.text === "{") return { words, opens: true };
    words.push(token.text);
  }
  return { words, opens: false };
}

function readTable(cursor: Cursor, place: Place): readonly unknown[] {
  const objects: unknown[] = [];
  while (!cursor.isAtEnd) {
    const { words, opens } = headOf(cursor);
    if (!opens) continue;
    const body = cursor.takeBlock();
    const [kind, name = "", helper = ""] = words;
    if (kind === "chain") objects.push(...readChain(body, place, name));
    if (kind === "set" || kind === "map") objects.push({ [kind]: { ...place, name, ...readSet(body) } });
    if (kind === "ct" && name === "helper")
      objects.push({ "ct helper": { ...place, name: helper, type: wordAfter(body, "type") } });
  }
  return objects;
}

function wordAfter(tokens: readonly Token[], word: string): string | undefined {
  return tokens[tokens.findIndex(({ kind, text }) => kind === "word" && text === word) + 1]?.text;
}

function readSet(body: readonly Token[]): { readonly flags: readonly string[]; readonly elem: readonly unknown[] } {
  const cursor = new Cursor(body);
  let flags: readonly string[] = [];
  let elem: readonly unknown[] = [];
  while (!cursor.isAtEnd) {
    const line = cursor.takeLine();
    const [first] = line;
    if (first?.text === "flags") flags = line.slice(1).flatMap(({ kind, text }) => (kind === "word" ? [text] : []));
    if (first?.text !== "elements") continue;
    const open = line.findIndex(({ kind, text }) => kind === "sign" && text === "{");
    elem = readElements(new Cursor(line.slice(open + 1)).takeBlock());
  }
  return { flags, elem };
}

function readChain(body: readonly Token[], place: Place, name: string): readonly unknown[] {
  const cursor = new Cursor(body);
  const rules: unknown[] = [];
  let hook: Readonly<Record<string, unknown>> = {};
  while (!cursor.isAtEnd) {
    const line = cursor.takeLine();
    const [first, second] = line;
    if (first === undefined || first.kind === "end") continue;
    if (first.text === "type") hook = { ...hook, ...readHook(line) };
    else if (first.text === "policy") hook = { ...hook, policy: second?.text };
    else if (first.text === "comment" || first.text === "flags" || first.text === "devices") continue;
    else rules.push({ rule: { ...place, chain: name, ...ruleOf(line) } });
  }
  return [{ chain: { ...place, name, ...hook } }, ...rules];
}

/** `type filter hook forward priority filter - 5` */
function readHook(line: readonly Token[]): Readonly<Record<string, unknown>> {
  const at = line.findIndex(({ text }) => text === "priority");
  const [base = "0", sign, offset = "0"] = line
    .slice(at + 1)
    .flatMap(({ kind, text }) => (kind === "end" ? [] : [text]));
  const start = priorities[base] ?? Number(base);
  const prio = start + (sign === "-" ? -1 : 1) * (sign === "-" || sign === "+" ? Number(offset) : 0);
  return { type: wordAfter(line, "type"), hook: wordAfter(line, "hook"), prio: Number.isFinite(prio) ? prio : 0 };
}
