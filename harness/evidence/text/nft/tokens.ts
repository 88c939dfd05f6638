/** A word, a sign, a quoted text without its quotes, or the end of a line. */
export type Token = {
  readonly kind: "word" | "sign" | "quoted" | "end";
  readonly text: string;
  readonly handle: number | null;
  /** Where it stands in the text; from 1. */
  readonly line: number;
};

const pattern = /[ \t\r]+|\\\n|#[^\n]*|"([^"\n]*)"|(\n|;)|(==|!=|<=|>=|[{}(),=&|<>!])|([^\s{}(),=&|<>!;"#]+)|[^]/gy;

/** Words of nft's language; a rule's end carries the handle that `nft -a` prints after it. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let handle: number | null = null;
  let line = 1;
  for (const [all, quoted, end, sign, word] of text.matchAll(pattern)) {
    if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted, handle: null, line });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, handle: null, line });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, handle: null, line });
    else if (end !== undefined) {
      tokens.push({ kind: "end", text: end, handle, line });
      handle = null;
    } else if (all.startsWith("#")) {
      const [, told] = /^# handle (\d{1,15})\s*$/.exec(all) ?? [];
      if (told !== undefined) handle = Number(told);
    }
    if (all.endsWith("\n")) line += 1;
  }
  tokens.push({ kind: "end", text: "", handle, line });
  return tokens;
}

/** Longer definitions are cut, since they may grow out of each other without end. */
const longestDefinition = 100;

/** Tokens with what `define NAME = ...` says instead of `$NAME`, as people's own files have it; definitions may use earlier ones. */
export function withDefinitions(tokens: readonly Token[]): readonly Token[] {
  const definitions = new Map<string, readonly Token[]>();
  const cursor = new Cursor(tokens);
  const out: Token[] = [];
  const meaningOf = (token: Token): readonly Token[] =>
    definitions.get(token.kind === "word" ? token.text : "") ?? [token];
  let isFirst = true;
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (isFirst && token.kind === "word" && (token.text === "define" || token.text === "redefine")) {
      const [, name, , ...value] = cursor.takeLine().slice(0, longestDefinition);
      const meaning = value.filter(({ kind }) => kind !== "end").flatMap(meaningOf);
      definitions.set(`$${name?.text ?? ""}`, meaning.slice(0, longestDefinition));
      continue;
    }
    cursor.take();
    isFirst = token.kind === "end";
    // A rule set that uses nothing else is none.
    if (out.length < 4 * tokens.length + 1000) out.push(...meaningOf(token));
  }
  return out;
}

/** Tokens, and how far they are read. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The next one, which stays; `undefined` at the end. */
  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  /** The next one's text; "" for quoted texts and at the end. */
  get word(): string {
    const next = this.peek();
    return next === undefined || next.kind === "quoted" ? "" : next.text;
  }

  take(): Token | undefined {
    const next = this.peek();
    this.#at += 1;
    return next;
  }

  /** Takes the next one if it is one of these. */
  takeIf(...texts: readonly string[]): string | null {
    const { word } = this;
    if (word === "" || !texts.includes(word)) return null;
    this.take();
    return word;
  }

  get isAtEnd(): boolean {
    return this.peek() === undefined;
  }

  /** The tokens up to the brace that closes the one which was taken. */
  takeBlock(): readonly Token[] {
    const from = this.#at;
    let depth = 1;
    while (!this.isAtEnd) {
      const token = this.take();
      if (token?.kind !== "sign") continue;
      if (token.text === "{") depth += 1;
      if (token.text === "}") depth -= 1;
      if (depth === 0) return this.#tokens.slice(from, this.#at - 1);
    }
    return this.#tokens.slice(from);
  }

  /** The tokens up to an end outside of braces, which is taken too. */
  takeLine(): readonly Token[] {
    const from = this.#at;
    let depth = 0;
    for (let token = this.take(); token !== undefined; token = this.take()) {
      if (token.kind === "sign" && token.text === "{") depth += 1;
      if (token.kind === "sign" && token.text === "}") depth -= 1;
      if (token.kind === "end" && depth <= 0) return this.#tokens.slice(from, this.#at);
    }
    return this.#tokens.slice(from);
  }
}
