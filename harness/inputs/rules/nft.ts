/** What the rules of an nftables file name. */
import { Cursor, tokensOf, withDefinitions, type Token } from "../../evidence/text/nft/tokens";
import { openStatement, type RuleAction, type RuleStatement, type RuleStatements } from "./statement";
import { blockIn, portsIn } from "./argument-words";

type Elements = ReadonlyMap<string, readonly string[]>;

/** Reads each rule of each chain. What is not understood may match anything. */
export function nftStatements(text: string): RuleStatements {
  const cursor = new Cursor(withDefinitions(tokensOf(text)));
  const statements: RuleStatement[] = [];
  const hooks = new Map<string, string>();
  while (!cursor.isAtEnd) {
    const head = headOf(cursor);
    if (!head.opens) {
      statements.push(...addedRule(head.tokens));
      continue;
    }
    const body = cursor.takeBlock();
    const words = head.tokens.map((token) => token.text).filter((word) => word !== "add");
    if (words[0] === "table") readTable(body, words.slice(1), statements, hooks);
    if (words[0] === "chain") readChain(body, words.slice(1).join(" "), new Map(), statements, hooks);
  }
  return { statements, hooks };
}

/** The tokens before a brace, which is taken too, or those of a whole line. */
function headOf(cursor: Cursor): { readonly tokens: readonly Token[]; readonly opens: boolean } {
  const tokens: Token[] = [];
  const isRule = (): boolean => tokens.some(({ text }) => text === "rule");
  for (let token = cursor.take(); token !== undefined; token = cursor.take()) {
    if (token.kind === "end") return { tokens, opens: false };
    if (token.kind === "sign" && token.text === "{") {
      if (!isRule()) return { tokens, opens: true };
      tokens.push(token, ...cursor.takeBlock(), { ...token, text: "}" });
      continue;
    }
    tokens.push(token);
  }
  return { tokens, opens: false };
}

/** `add rule inet filter forward iifname "wan" accept`. */
function addedRule(tokens: readonly Token[]): readonly RuleStatement[] {
  const at = tokens.findIndex(({ text }) => text === "rule");
  if (at === -1) return [];
  const families = ["ip", "ip6", "inet", "arp", "bridge", "netdev"];
  const words = tokens.slice(at + 1);
  const count = families.includes(words[0]?.text ?? "") ? 3 : 2;
  const place = words.slice(0, count).map(({ text }) => text);
  const chain = (count === 2 ? ["ip", ...place] : place).join(" ");
  return statementsOf(words.slice(count), { chain, sets: new Map() });
}

function readTable(
  body: readonly Token[],
  [family = "ip", name]: readonly string[],
  statements: RuleStatement[],
  hooks: Map<string, string>,
): void {
  const table = name === undefined ? `ip ${family}` : `${family} ${name}`;
  const sets = new Map<string, readonly string[]>();
  const chains: { readonly name: string; readonly body: readonly Token[] }[] = [];
  const cursor = new Cursor(body);
  while (!cursor.isAtEnd) {
    const { tokens, opens } = headOf(cursor);
    if (!opens) continue;
    const inner = cursor.takeBlock();
    const [kind, own = ""] = tokens.map(({ text }) => text);
    if (kind === "set") sets.set(`@${own}`, elementsIn(inner));
    if (kind === "chain") chains.push({ name: own, body: inner });
  }
  for (const chain of chains) readChain(chain.body, `${table} ${chain.name}`, sets, statements, hooks);
}

/** The elements of a set; none where it is filled while it is used. */
function elementsIn(body: readonly Token[]): readonly string[] {
  const at = body.findIndex(({ text }) => text === "elements");
  if (at === -1) return [];
  const open = body.findIndex(({ kind, text }, index) => index > at && kind === "sign" && text === "{");
  return valuesIn(new Cursor(body.slice(open + 1)).takeBlock());
}

/** Words with commas between them; of `a timeout 5m` the first. */
function valuesIn(tokens: readonly Token[]): readonly string[] {
  const values: string[] = [];
  let isNext = true;
  for (const { kind, text } of tokens) {
    if (kind === "end") continue;
    if (kind === "sign") isNext = text === ",";
    else if (isNext) {
      values.push(text);
      isNext = false;
    }
  }
  return values;
}

function readChain(
  body: readonly Token[],
  chain: string,
  sets: Elements,
  statements: RuleStatement[],
  hooks: Map<string, string>,
): void {
  const cursor = new Cursor(body);
  while (!cursor.isAtEnd) {
    const line = cursor.takeLine();
    const [first] = line;
    if (first === undefined || first.kind === "end") continue;
    const hook = line[line.findIndex(({ text }) => text === "hook") + 1]?.text;
    if (first.text === "type" && hook !== undefined) hooks.set(chain, hook);
    else if (first.text !== "policy") statements.push(...statementsOf(line, { chain, sets }));
  }
}

type Place = { readonly chain: string; readonly sets: Elements };

/** A rule; one with a verdict map is a rule for each of its keys. */
function statementsOf(tokens: readonly Token[], { chain, sets }: Place): readonly RuleStatement[] {
  const line = tokens[0]?.line ?? 1;
  const isOther = chain.startsWith("ip6 ") || chain.startsWith("arp ") || chain.startsWith("bridge ");
  let drafts: readonly RuleStatement[] = [{ ...openStatement, isTcp: !isOther, line, chain }];
  const cursor = new Cursor(tokens);
  const every = (change: Partial<RuleStatement>): void => {
    drafts = drafts.map((draft) => ({ ...draft, ...change }));
  };
  while (!cursor.isAtEnd) {
    const { word } = cursor;
    cursor.take();
    if (word === "comment") cursor.take();
    const key = keyOf(word, cursor);
    if (key !== null) {
      const isNegated = cursor.takeIf("!=") !== null;
      cursor.takeIf("==");
      if (cursor.takeIf("vmap") !== null) {
        const pairs = verdictsIn(cursor, sets);
        drafts = drafts.flatMap((draft) =>
          pairs.map(({ value, action }) => ({ ...draft, ...matching(key, [value], false), action })),
        );
      } else every(matching(key, operandOf(cursor, sets), isNegated));
      continue;
    }
    const action = actionOf(word, cursor);
    if (action !== null) every({ action });
  }
  return drafts;
}

type Key = "in" | "out" | "source" | "destination" | "ports" | "protocol" | "other-family";

/** What a match looks at; takes the rest of its words. */
function keyOf(word: string, cursor: Cursor): Key | null {
  switch (word) {
    // `fib saddr . iif oif missing` asks about routes.
    case "iif":
    case "iifname":
      return cursor.peek()?.text === "oif" ? null : "in";
    case "oif":
    case "oifname":
      return /^(?:missing|exists)$/.test(cursor.peek()?.text ?? "") ? null : "out";
    case "ip":
      if (cursor.takeIf("saddr") !== null) return "source";
      return cursor.takeIf("daddr") === null ? (cursor.takeIf("protocol") === null ? null : "protocol") : "destination";
    case "ip6":
      return cursor.takeIf("saddr", "daddr", "nexthdr") === null ? null : "other-family";
    case "tcp":
    case "th":
      return cursor.takeIf("dport") === null ? null : "ports";
    case "udp":
    case "icmp":
    case "icmpv6":
      return cursor.takeIf("dport", "sport", "type", "code") === null ? null : "other-family";
    case "l4proto":
      return "protocol";
    case "nfproto":
      return "protocol";
    default:
      return null;
  }
}

/** What stands at the right side; `null` if that cannot be read. */
function operandOf(cursor: Cursor, sets: Elements): readonly string[] | null {
  // `iifname . ip saddr { ... }` is about several things at once.
  if (cursor.peek()?.text === ".") return null;
  if (cursor.takeIf("{") !== null) return valuesIn(cursor.takeBlock());
  const text = cursor.take()?.text ?? "";
  if (!text.startsWith("@")) return [text];
  const elements = sets.get(text) ?? [];
  return elements.length === 0 ? null : elements;
}

function matching(key: Key, values: readonly string[] | null, isNegated: boolean): Partial<RuleStatement> {
  if (values === null || values.includes("*")) return key === "other-family" ? { isTcp: false } : {};
  switch (key) {
    case "in":
      return { inInterfaces: { names: values, isNegated } };
    case "out":
      return { outInterfaces: { names: values, isNegated } };
    case "source":
    case "destination": {
      const blocks = values.map(blockIn);
      const known = blocks.filter((block) => block !== null);
      const named = known.length < blocks.length ? null : { blocks: known, isNegated };
      return key === "source" ? { sources: named } : { destinations: named };
    }
    case "ports": {
      const ports = values.map(portsIn);
      const known = ports.filter((range) => range !== null);
      return { ports: isNegated || known.length < ports.length ? null : known };
    }
    case "protocol":
      return { isTcp: isNegated || values.some((value) => ["tcp", "6", "ipv4", "ip"].includes(value)) };
    case "other-family":
      return { isTcp: false };
  }
}

function verdictsIn(
  cursor: Cursor,
  sets: Elements,
): readonly { readonly value: string; readonly action: RuleAction }[] {
  if (cursor.takeIf("{") === null) {
    operandOf(cursor, sets);
    return [{ value: "*", action: { kind: "other" } }];
  }
  const inner = cursor.takeBlock();
  const pairs: { readonly value: string; readonly action: RuleAction }[] = [];
  let entry: Token[] = [];
  for (const token of [...inner, { kind: "sign", text: ",", handle: null, line: 0 } as const]) {
    if (token.kind === "sign" && token.text === ",") {
      // A colon stands alone, or at the end of a word.
      const words = entry.map(({ text }) => text.replace(/:$/, "")).filter((text) => text !== "");
      const [value, verdict = "", chain = ""] = words;
      if (value !== undefined) pairs.push({ value, action: verdictOf(verdict, chain) });
      entry = [];
    } else if (token.kind !== "end") entry.push(token);
  }
  return pairs;
}

function verdictOf(verdict: string, chain: string): RuleAction {
  if (verdict === "accept") return { kind: "accept" };
  if (verdict === "drop" || verdict === "reject") return { kind: "drop" };
  return verdict === "jump" || verdict === "goto" ? { kind: "jump", chain } : { kind: "other" };
}

function actionOf(word: string, cursor: Cursor): RuleAction | null {
  switch (word) {
    case "accept":
    case "drop":
    case "reject":
      return { kind: word === "accept" ? "accept" : "drop" };
    case "jump":
    case "goto":
      return { kind: "jump", chain: cursor.take()?.text ?? "" };
    case "masquerade":
      return { kind: "masquerade" };
    case "helper":
      return cursor.takeIf("set") === null ? null : { kind: "helper" };
    case "dnat":
    case "snat": {
      cursor.takeIf("ip", "ip6");
      cursor.takeIf("to");
      const block = blockIn((cursor.take()?.text ?? "").replace(/:[\d-]+$/, ""));
      return { kind: word === "dnat" ? "forward-to" : "leave-as", blocks: block === null ? [] : [block] };
    }
    default:
      return null;
  }
}
