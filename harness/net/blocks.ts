import type { AddressRange } from "../model/topology";
import { addressesBetween, formatAddress, parseAddress, parseSubnet, subnetContains, type Subnet } from "./address";

/** Whether an address lies in a CIDR block; both are texts from a checked topology. */
export function contains(subnet: string, address: string): boolean {
  const block = parseSubnet(subnet);
  const parsed = parseAddress(address);
  return block !== null && parsed !== null && subnetContains(block, parsed);
}

/** The prefix length of a CIDR block. */
export function prefixLengthOf(subnet: string): number {
  return Number(subnet.slice(subnet.indexOf("/") + 1));
}

/** Every address of a range, in order. */
export function rangeAddresses({ first, last }: AddressRange): string[] {
  const [from, to] = [parseAddress(first), parseAddress(last)];
  return from === null || to === null ? [] : Array.from(addressesBetween(from, to), formatAddress);
}

/** Whether an address is one of a range's. */
export function isInRange({ first, last }: AddressRange, address: string): boolean {
  if (address === first) return true;
  const [from, to, own] = [parseAddress(first), parseAddress(last), parseAddress(address)];
  if (from === null || to === null || own?.family !== from.family) return false;
  return from.value <= own.value && own.value <= to.value;
}

/** RFC 1918; what ProFTPD and clients mean by a private address. */
export function isPrivateIPv4(address: string): boolean {
  return isInside(privateBlocks, address);
}

const privateBlocks = parsed(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]);
const loopback = parsed(["127.0.0.0/8"]);

function parsed(blocks: readonly string[]): readonly Subnet[] {
  return blocks.flatMap((block) => parseSubnet(block) ?? []);
}

function isInside(blocks: readonly Subnet[], address: string): boolean {
  const inside = parseAddress(address);
  return inside !== null && blocks.some((block) => subnetContains(block, inside));
}

/** An address that leads a stranger nowhere: a private one, or the host's own (RFC 1122 section 3.2.1.3). */
export function isUnroutableIPv4(address: string): boolean {
  return isPrivateIPv4(address) || isInside(loopback, address);
}
