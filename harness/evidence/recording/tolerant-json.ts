/**
 * Reads JSON that may be cut short or damaged, and keeps what came before the damage. `jsonc-parser` recovers too, but it takes a
 * value that is cut for a whole one, goes on after the damage, where values may belong elsewhere, and sets `__proto__`.
 */

/** What could be read, and what is wrong with the text as a whole; `null` when it is JSON. */
export type JsonReading = { readonly value: unknown; readonly problem: string | null };

/** Deeper than anything we write; hostile text must not use up the stack. */
const deepest = 64;

/** Reads JSON text; never throws. Values that cannot be read are left out, and numbers that JSON has not are NaN. */
export function readJson(text: string): JsonReading {
  try {
    return { value: JSON.parse(text) as unknown, problem: null };
  } catch {
    const reader = new DamagedJson(text);
    const value = reader.readValue(0);
    return { value, problem: reader.problem ?? "it is not strict JSON" };
  }
}

class DamagedJson {
  /** Why reading stopped; from then on every value that is still open ends with what it has. */
  problem: string | null = null;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readValue(depth: number): unknown {
    this.#skipSpace();
    if (depth > deepest) {
      this.#stop("is nested too deep");
      return undefined;
    }
    switch (this.#text[this.#at]) {
      case "{":
        return this.#readObject(depth);
      case "[":
        return this.#readArray(depth);
      case '"':
        return this.#readString();
      default:
        return this.#readWord();
    }
  }

  #readObject(depth: number): unknown {
    const entries: [string, unknown][] = [];
    this.#readItems("}", () => {
      this.#skipSpace();
      const key = this.#text[this.#at] === '"' ? this.#readString() : undefined;
      this.#skipSpace();
      if (this.#text[this.#at] !== ":") {
        this.#stop("is not JSON");
        return;
      }
      this.#at += 1;
      const value = this.readValue(depth + 1);
      if (key !== undefined && value !== undefined) entries.push([key, value]);
    });
    // Not by assignment: a key may be called `__proto__`.
    return Object.fromEntries(entries);
  }

  #readArray(depth: number): unknown {
    const items: unknown[] = [];
    this.#readItems("]", () => {
      const value = this.readValue(depth + 1);
      if (value !== undefined) items.push(value);
    });
    return items;
  }

  #readItems(end: "}" | "]", readItem: () => void): void {
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      readItem();
      if (this.problem !== null) return;
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next !== "," && next !== end) {
        this.#stop("is not JSON");
        return;
      }
      this.#at += 1;
      if (next === end) return;
    }
  }

  /** A string, also one with raw control characters; `undefined` if its escapes make no sense or its end is lost. */
  #readString(): string | undefined {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    if (end >= this.#text.length) {
      this.#at = this.#text.length;
      this.#stop("is not JSON");
      return undefined;
    }
    this.#at = end + 1;
    const escaped = this.#text
      .slice(start, end + 1)
      .replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
    try {
      return JSON.parse(escaped) as string;
    } catch {
      return undefined;
    }
  }

  #readWord(): unknown {
    const word = /[-+.\w]*/y;
    word.lastIndex = this.#at;
    const text = word.exec(this.#text)?.[0] ?? "";
    // A word at the very end may have been longer.
    if (text === "" || this.#at + text.length >= this.#text.length) {
      this.#at += text.length;
      this.#stop("is not JSON");
      return undefined;
    }
    this.#at += text.length;
    if (/^[-+]?(nan|infinity)$/i.test(text)) return Number.NaN;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  }

  #skipSpace(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "end")) this.#at += 1;
  }

  #stop(what: string): void {
    const isCut = this.#at >= this.#text.length;
    this.problem ??= isCut
      ? `it is cut short after ${this.#text.length} characters; what followed is lost`
      : `it ${what} from character ${this.#at + 1} on; what follows is lost`;
  }
}
