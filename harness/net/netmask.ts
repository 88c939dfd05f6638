/** Netmasks → the length of a prefix. */
import { parseAddress } from "./address";

/** Of `255.255.255.0`, or `0xffffff00` as BSD writes it. */
export function prefixOf(mask: string): number {
  const value = mask.startsWith("0x") ? BigInt(mask) : (parseAddress(mask)?.value ?? 0xffffffffn);
  return (/^1*/.exec(value.toString(2).padStart(32, "0"))?.[0] ?? "").length;
}
