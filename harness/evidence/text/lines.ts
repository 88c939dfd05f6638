import { formatAddress, parseAddress } from "../../net/address";

/** The lines of a text. Only the line feed ends one: names and comments may hold whatever else looks like an end. */
export function linesOf(text: string): readonly string[] {
  return text.split("\n");
}

/** The one text of an address, or `null` when it is none. */
export function readAddress(text: string | undefined): string | null {
  const address = parseAddress(text ?? "");
  return address === null ? null : formatAddress(address);
}

/** A port from 0 to 65535, or `null`. */
export function readPort(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : null;
}

/** `key=value` as its two halves; `null` for any other word. */
export function readPair(word: string): readonly [key: string, value: string] | null {
  const at = word.indexOf("=");
  return at === -1 ? null : [word.slice(0, at), word.slice(at + 1)];
}
