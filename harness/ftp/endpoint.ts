import { formatAddress, parseAddress } from "../net/address";

/** An address and a port of 227, 229, PORT or EPRT; 229 carries no address (RFC 2428 section 3). */
export type Endpoint = { readonly address: string | null; readonly port: number };

/** Reads the address and port of `227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)` or of `PORT` (RFC 959). */
function sixNumbers(text: string): Endpoint | null {
  const found = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(text);
  if (found === null) return null;
  const numbers = found.slice(1).map(Number);
  if (numbers.some((number) => number > 255)) return null;
  const [high = 0, low = 0] = numbers.slice(4);
  return { address: numbers.slice(0, 4).join("."), port: high * 256 + low };
}

/** Reads `229 ... (|||port|)` or the argument of `EPRT |1|address|port|` (RFC 2428). */
function delimited(text: string): Endpoint | null {
  const found = /\|([12]?)\|([0-9a-fA-F:.]*)\|(\d{1,5})\|/.exec(text);
  if (found === null) return null;
  const port = Number(found[3]);
  return port > 65535 ? null : { address: validAddress(found[2] ?? null), port };
}

/** Reads a 229 with another delimiter: any from 33 to 126 in ASCII may stand there (RFC 2428 section 2). */
function otherDelimited(text: string): Endpoint | null {
  const port = Number(/\(([!-/:-~])\1\1(\d{1,5})\1\)/.exec(text)?.[2] ?? NaN);
  return port <= 65535 ? { address: null, port } : null;
}

/** What a data command (PORT, EPRT) or its reply (227, 229) names; `null` for any other text. */
export function endpointOf(text: string): Endpoint | null {
  if (/^(227|PORT)\b/i.test(text)) return sixNumbers(text.slice(4));
  if (/^229\b/.test(text)) return delimited(text) ?? otherDelimited(text);
  if (/^EPRT\b/i.test(text)) return delimited(text);
  return null;
}

/** Where the client says that it dialled, in the words of its clock or of Node. */
export function dialledIn(message: string, remarks: readonly string[]): Endpoint | null {
  const timeout = /data connection to ([0-9a-fA-F:.]+):(\d{1,5}) after/.exec(message);
  const refused = /connect E[A-Z]+ ([0-9a-fA-F:.]+):(\d{1,5})\b/.exec(message);
  const opened = remarks.map((text) => /^data connection to (\S+) port (\d{1,5})$/.exec(text)).findLast(Boolean);
  const found = timeout ?? refused ?? opened;
  const address = validAddress(found?.[1] ?? null);
  return address === null ? null : { address, port: Number(found?.[2]) };
}

/** An IP address in its one form; `null` for any other text: what was recorded may be anything, and remedies are pasted. */
export function validAddress(text: string | null): string | null {
  const address = text === null ? null : parseAddress(text);
  return address === null ? null : formatAddress(address);
}

/** The text if it can be an interface's name. */
export function validLink(text: string | null): string | null {
  return text !== null && /^[A-Za-z0-9_.-]{1,15}$/.test(text) ? text : null;
}

/** What NAT's helper does: another address or port in the same kind of line (nf_nat_ftp.c). */
export function isSameOrTranslated(before: string, after: string): boolean {
  if (before === after) return true;
  const [one, other] = [endpointOf(before), endpointOf(after)];
  return one !== null && other !== null && before.slice(0, 4).toUpperCase() === after.slice(0, 4).toUpperCase();
}
