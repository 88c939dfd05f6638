/** IPv4 addresses within IPv6 ones, for prefixes of 96 bits alone: the last 32 bits (RFC 6052 section 2.2). */
import { formatAddress, parseAddress, parseSubnet, subnetContains } from "./address";

/** Bits of a prefix. */
export const embedPrefix = 96;

/** The IPv4 address in an IPv6 one; `null` if it has another prefix. */
export function embedded(prefix: string, address: string): string | null {
  const [subnet, parsed] = [parseSubnet(prefix), parseAddress(address)];
  if (subnet === null || parsed === null || !subnetContains(subnet, parsed)) return null;
  return formatAddress({ family: "ipv4", value: parsed.value - subnet.base });
}

/** An IPv4 address as IPv6 hosts dial it. */
export function embed(prefix: string, address: string): string {
  const [subnet, parsed] = [parseSubnet(prefix), parseAddress(address)];
  if (subnet === null || parsed === null) throw new Error(`${address} cannot be embedded in ${prefix}`);
  return formatAddress({ family: "ipv6", value: subnet.base + parsed.value });
}
