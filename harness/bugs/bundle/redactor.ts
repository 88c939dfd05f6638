/** Takes out of texts, values and bytes what belongs to a reporter, the same everywhere. */
import { personalIn, type PersonalKind } from "./personal";
import { PublicAddresses } from "./public-address";
import { isOfTheLab } from "./lab-words";

const standIns: Readonly<Record<PersonalKind, (number: number) => string>> = {
  host: (number) => `host-${number}.example`,
  user: (number) => `user-${number}`,
  secret: (number) => `secret-${number}`,
};

/** Longer ones are found inside of words too. */
const longEnough = 6;

type Token = { readonly text: string; readonly standIn: string };

export class Redactor {
  readonly #tokens: readonly Token[];
  readonly #pattern: RegExp | null;
  readonly #byText: ReadonlyMap<string, string>;
  readonly #addresses = new PublicAddresses();

  /** @param texts what the reporter wrote: what is personal is found in them, and taken out of whatever is asked. */
  constructor(texts: readonly string[]) {
    const counts = new Map<PersonalKind, number>();
    this.#tokens = personalIn(texts, isOfTheLab).flatMap(({ kind, text }) => {
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      const standIn = standIns[kind](number);
      return [...new Set([text, escaped(text), percentEncoded(text)])].map((form): Token => ({ text: form, standIn }));
    });
    this.#byText = new Map(this.#tokens.map(({ text, standIn }) => [text.toLowerCase(), standIn]));
    const longestFirst = this.#tokens.toSorted((one, other) => other.text.length - one.text.length);
    const alternatives = longestFirst.map(({ text }) => patternOf(text));
    this.#pattern = alternatives.length === 0 ? null : new RegExp(alternatives.join("|"), "gi");
  }

  /** The text with stand-ins in the place of all that is personal. */
  text(text: string): string {
    const named =
      this.#pattern === null
        ? text
        : text.replace(this.#pattern, (found) => this.#byText.get(found.toLowerCase()) ?? "removed");
    return this.#addresses.replace(named);
  }

  /** A value with every text in it redacted; the keys of objects are the project's own and stay. */
  value<T>(value: T): T {
    return this.#deep(value) as T;
  }

  /** Whether anything personal is in a value's texts. */
  concerns(value: unknown): boolean {
    return JSON.stringify(this.value(value)) !== JSON.stringify(value);
  }

  /** Whether bytes hold anything personal, be it as text or as a packet's address. */
  isIn(bytes: Uint8Array): boolean {
    // A byte a character: what is UTF-8 in the bytes is looked for as such.
    const text = latin1(bytes);
    const lowered = text.toLowerCase();
    const isToken = this.#tokens.some(({ text: token }) => {
      const wanted = latin1(new TextEncoder().encode(token)).toLowerCase();
      return lowered.includes(wanted) && new RegExp(patternOf(wanted), "i").test(lowered);
    });
    return isToken || this.#addresses.packed.some((address) => text.includes(latin1(address)));
  }

  #deep(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#deep(item));
    if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, this.#deep(item)] as const));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#deep(item)]));
  }
}

/** A short text counts only as a whole word. Otherwise half of all words would go with it. */
function patternOf(text: string): string {
  const literal = text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  return text.length >= longEnough ? literal : `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`;
}

/** As it stands in JSON, and in a double-quoted string of YAML. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function percentEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // A lone surrogate has no UTF-8.
    return text;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
