/** What a paste shows, and texts that name nothing else. */
import { parseAddress } from "../../net/address";
import type { Symptom } from "../../model/symptom";

/** The addresses and numbers that stand in a paste. */
export type Shown = { readonly addresses: ReadonlySet<string>; readonly numbers: ReadonlySet<string> };

const ipv4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
/** What may be one: with two colons in a row, or seven of them. */
const ipv6 = /(?<![\w:.])(?=[0-9a-f]*:(?:[0-9a-f]*:)*:|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{2,39}(?![\w:])/gi;

/** @param texts the pastes; what was typed on the command line counts too */
export function shownIn(texts: readonly string[], symptom: Symptom): Shown {
  const { announced, dialled } = symptom;
  const addresses = new Set([...texts.flatMap(addressesIn), ...(dialled === null ? [] : [dialled])]);
  // A part of an address is no code and no port.
  const numbers = new Set(texts.flatMap((text) => text.replace(ipv4, " ").match(/\d+/g) ?? []));
  // Six numbers are an address and a port (RFC 959).
  if (announced !== null) numbers.add(String(announced.port));
  if (announced !== null && announced.address !== null) addresses.add(announced.address);
  if (symptom.replyCode !== null) numbers.add(String(symptom.replyCode));
  return { addresses, numbers };
}

export function addressesIn(text: string): readonly string[] {
  const found = [...(text.match(ipv4) ?? []), ...(text.match(ipv6) ?? [])];
  return found.filter((address) => parseAddress(address) !== null);
}

/** Ports as directives, rules and sentences have them, one or a range. */
const ports =
  /(?<=\b(?:ports?|dports?|sports?|Port|PassivePorts|PassivePortRange|listen_port|pasv_min_port|pasv_max_port)(?:[ =]|\s\{\s))(\d{1,5})(?:([:\- ])(\d{1,5})\b)?|(?<=,)(\d{2,5})([:-])(\d{2,5})\b/g;

/** Reads as before where everything is shown; else a word stands in the place of what is not. */
export function onlyShown(text: string, { addresses, numbers }: Shown): string {
  const named = (address: string): string =>
    addresses.has(address) || parseAddress(address) === null ? address : "ADDRESS";
  return text
    .replace(/\bthe (?:FTP )?(227|229) (?=reply|address)/g, (told, code: string) =>
      numbers.has(code) ? told : "the passive ",
    )
    .replace(/\b(227|229) (?=reply|address)/g, (told, code: string) => (numbers.has(code) ? told : "passive "))
    .replace(ipv6, named)
    .replace(ipv4, named)
    .replace(/\bport (21|990)\b(?!:)/g, (told, port: string) => (numbers.has(port) ? told : "the control port"))
    .replace(ports, (told: string, ...found: (string | undefined)[]) => {
      const [first = found[3] ?? "", between = found[4], last = found[5]] = found.slice(0, 3);
      if (last !== undefined)
        return numbers.has(first) && numbers.has(last) ? told : `FIRST_PORT${between ?? ":"}LAST_PORT`;
      if (numbers.has(first)) return told;
      return first === "21" || first === "990" ? "CONTROL_PORT" : "PORT";
    });
}
