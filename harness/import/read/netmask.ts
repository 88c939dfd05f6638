/** Netmasks → the length of a prefix. */
import { parseAddress } from "../../net/address";

/** Of `255.255.255.0`, or `0xffffff00` as BSD writes it. */
export function prefixOf(mask: string): number {
  const value = mask.startsWith("0x") ? BigInt(mask) : (parseAddress(mask)?.value ?? 0xffffffffn);
  return value.toString(2).replace(/0+$/, "").length;
}
