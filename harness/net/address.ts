/** Address arithmetic on plain values: `node:net` is kept out of the pure core. */
import type { Family } from "../model/topology";

/** An IP address as a number, with the family that gives the number its meaning. */
export type Address = { readonly family: Family; readonly value: bigint };

/** A CIDR block; `base` has its host bits clear. */
export type Subnet = { readonly family: Family; readonly base: bigint; readonly prefix: number };

const widths: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

/** Reads `203.0.113.10` or `2001:db8::10`; `null` for anything else, zone ids and dotted IPv6 included. */
export function parseAddress(text: string): Address | null {
  // The longest IPv6 text has 39 characters; what is longer need not be looked at.
  if (text.length > 39) return null;
  const value = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return value === null ? null : { family: text.includes(":") ? "ipv6" : "ipv4", value };
}

/** A leading zero means octal to some programs and decimal to others. */
const dotted = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

function parseIpv4(text: string): bigint | null {
  const [, ...octets] = dotted.exec(text) ?? [];
  const numbers = octets.map(Number);
  if (numbers.length !== 4 || numbers.some((octet) => octet > 255)) return null;
  return BigInt(numbers.reduce((value, octet) => value * 256 + octet, 0));
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** The one text of an address: dotted decimal, or compressed lower case (RFC 5952). */
export function formatAddress(address: Address): string {
  return address.family === "ipv4" ? formatIpv4(address.value) : formatIpv6(address.value);
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(16 * (7 - index))) & 0xffffn);
  let [start, length] = [0, 0];
  for (let from = 0, run = 0; from < 8; from += 1) {
    run = groups[from] === 0n ? run + 1 : 0;
    // RFC 5952 section 4.2.3: the first of the longest runs.
    if (run > length) [start, length] = [from - run + 1, run];
  }
  const hex = groups.map((group) => group.toString(16));
  // RFC 5952 section 4.2.2: a single zero group is not shortened.
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** Reads `203.0.113.0/24`, clearing host bits; `null` when it is no CIDR block. */
export function parseSubnet(text: string): Subnet | null {
  const [, addressText = "", prefixText = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = parseAddress(addressText);
  if (address === null || Number(prefixText) > widths[address.family]) return null;
  const prefix = Number(prefixText);
  const hostBits = BigInt(widths[address.family] - prefix);
  return { family: address.family, base: (address.value >> hostBits) << hostBits, prefix };
}

/** The one text of a subnet. */
export function formatSubnet(subnet: Subnet): string {
  return `${formatAddress({ family: subnet.family, value: subnet.base })}/${subnet.prefix}`;
}

/** The last address of a subnet; for IPv4 its broadcast address. */
export function lastOf(subnet: Subnet): bigint {
  return subnet.base + (1n << BigInt(widths[subnet.family] - subnet.prefix)) - 1n;
}

/** Whether an address lies in a subnet. */
export function subnetContains(subnet: Subnet, address: Address): boolean {
  return subnet.family === address.family && subnet.base <= address.value && address.value <= lastOf(subnet);
}

/** Whether two subnets share an address. */
export function subnetsOverlap(one: Subnet, other: Subnet): boolean {
  return one.family === other.family && one.base <= lastOf(other) && other.base <= lastOf(one);
}

/** The addresses from `first` to `last`, both included, one by one. */
export function* addressesBetween(first: Address, last: Address): Generator<Address> {
  for (let value = first.value; value <= last.value; value += 1n) yield { family: first.family, value };
}

/** Whether each address is the one after that before it. */
export function areConsecutive(texts: readonly string[]): boolean {
  const values = texts.map((text) => parseAddress(text)?.value);
  return values.every((value, index) => {
    const before = values[index - 1];
    return value !== undefined && (index === 0 || (before !== undefined && value === before + 1n));
  });
}
