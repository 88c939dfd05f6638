/** Subnets and addresses that a network still needs. */
import {
  formatAddress,
  formatSubnet,
  lastOf,
  parseAddress,
  parseSubnet,
  subnetContains,
  subnetsOverlap,
  type Address,
  type Subnet,
} from "../net/address";

/** The subnet of a host's address. One that would be its first or last is that of a wider network: it is no host's else. */
export function subnetAround(address: string, prefix: number): string {
  const subnet = parseSubnet(`${address}/${prefix}`);
  const host = parseAddress(address);
  if (subnet === null || host === null) return `${address}/${prefix}`;
  const isReserved = host.value === subnet.base || host.value === lastOf(subnet);
  return prefix > 8 && prefix < 31 && isReserved ? subnetAround(address, prefix - 1) : formatSubnet(subnet);
}

/** Networks for documentation (RFC 5737), then one for tests of devices (RFC 2544). */
const free = [
  "198.51.100.0/24",
  "203.0.113.0/24",
  "192.0.2.0/24",
  ...Array.from({ length: 200 }, (_, at) => `198.18.${at}.0/24`),
];

/** A /24 that overlaps none of the given blocks, but for those of half the Internet, in which every client is. */
export function freeSubnet(taken: readonly string[]): string {
  const blocks = taken
    .flatMap((text) => parseSubnet(text) ?? parseSubnet(`${text}/32`) ?? [])
    .filter(({ prefix }) => prefix >= 8);
  const found = free.find((text) => {
    const subnet = parseSubnet(text);
    return subnet !== null && !blocks.some((block) => subnetsOverlap(block, subnet));
  });
  if (found === undefined) throw new Error("no network is left");
  return found;
}

/** The nth host address of a subnet, from 1. */
export function nth(subnet: string, place: number): string {
  const block = parseSubnet(subnet);
  return block === null ? subnet : formatAddress({ family: "ipv4", value: block.base + BigInt(place) });
}

/** The first host address that none of the others is; the subnet has room. */
export function freeAddress(subnet: string, taken: readonly string[]): string {
  const block = parseSubnet(subnet);
  if (block === null) return subnet;
  const last = block.prefix >= 31 ? lastOf(block) : lastOf(block) - 1n;
  for (let value = block.prefix >= 31 ? block.base : block.base + 1n; value <= last; value += 1n) {
    const address = formatAddress({ family: "ipv4", value });
    if (!taken.includes(address)) return address;
  }
  throw new Error(`${subnet} has no address left`);
}

export function overlaps(one: string, other: string): boolean {
  const [first, second] = [parseSubnet(one), parseSubnet(other)];
  return first !== null && second !== null && subnetsOverlap(first, second);
}

const insides: readonly Subnet[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"].flatMap(
  (text) => parseSubnet(text) ?? [],
);
const carrier = parseSubnet("100.64.0.0/10");

/** Where an address is good: on the Internet, inside a provider's network (RFC 6598), or at home (RFC 1918). */
export function reachOf(text: string): "public" | "carrier" | "private" {
  const address: Address | null = parseAddress(text);
  if (address === null) return "public";
  if (carrier !== null && subnetContains(carrier, address)) return "carrier";
  return insides.some((block) => subnetContains(block, address)) ? "private" : "public";
}

/** The address after another. */
export function next(address: string): string {
  return nth(`${address}/32`, 1);
}

/** The longest run of host addresses within 32 to 223, of a small subnet within all, that overlaps none of the given blocks and ranges. */
export function freeRange(subnet: string, taken: readonly string[]): string | null {
  const block = parseSubnet(subnet);
  if (block === null) return null;
  const hosts = Number(lastOf(block) - block.base) - 1;
  const [from, to] = hosts < 254 ? [1, hosts] : [32, 223];
  const spans = taken.flatMap(spanOf);
  let best: readonly number[] = [];
  let run: number[] = [];
  for (let place = from; place <= to; place += 1) {
    const value = block.base + BigInt(place);
    const isTaken = spans.some(({ first, last }) => first <= value && value <= last);
    run = isTaken ? [] : [...run, place];
    if (run.length > best.length) best = run;
  }
  const [first] = best;
  const last = best.at(-1);
  if (first === undefined || last === undefined) return null;
  return first === last ? nth(subnet, first) : `${nth(subnet, first)}-${nth(subnet, last)}`;
}

/** An address, or a range; of blocks only those of one address, since a network is no host. */
function spanOf(text: string): readonly { readonly first: bigint; readonly last: bigint }[] {
  const [firstText = "", lastText = firstText] = text.replace(/\/32$/, "").split("-");
  const [first, last] = [parseAddress(firstText), parseAddress(lastText)];
  return first === null || last === null ? [] : [{ first: first.value, last: last.value }];
}
