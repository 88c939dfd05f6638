/** Netmasks → the length of a prefix. */
import { parseAddress } from "./address";

/** Of `255.255.255.0`, or `0xffffff00` as BSD writes it. */
export function prefixOf(mask: string): number {
  const value = mask.startsWith("0x") ? BigInt(mask) : (parseAddress(mask)?.value ?? 0xffffffffn);
  return (/^1*/.exec(value.toString(2).padStart(32, "0"))?.[0] ?? "").length;
}

/** `192.168.1.0/255.255.255.0`, as old releases of iptables write a block, → `192.168.1.0/24`; all else as it is. */
export function withPrefix(block: string): string {
  const [, base = "", mask = ""] = /^([\d.]+)\/(\d+\.\d+\.\d+\.\d+)$/.exec(block) ?? [];
  const bits = parseAddress(mask)?.value.toString(2).padStart(32, "0");
  return bits !== undefined && /^1*0*$/.test(bits) ? `${base}/${prefixOf(mask)}` : block;
}
