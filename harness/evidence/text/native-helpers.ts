import { anyConnection, readPortRanges } from "./rule-match";
import type { HelperAttachment } from "./rule-match";

/** `ct helper NAME { type "ftp" ...` of `nft list`. */
const object = /\bct helper ([\w-]{1,100}) \{\s{0,20}type "([\w-]{1,100})"/g;
/** `tcp dport 21 ct helper set "NAME"`, or several ports in braces. */
const setting = /\btcp dport (\{[^{}\n]{1,1000}\}|[\d-]{1,20}) ct helper set "([\w-]{1,100})"/g;

/** Helpers that nftables attaches itself, in what `nft list table` prints after the rules of iptables. */
export function nativeHelpers(text: string): readonly HelperAttachment[] {
  const types = new Map<string, string>();
  for (const [, name, type] of text.matchAll(object)) {
    if (name !== undefined && type !== undefined) types.set(name, type);
  }
  return [...text.matchAll(setting)].flatMap(([, written = "", name = ""]): HelperAttachment[] => {
    const attaches = types.get(name);
    const ports = readPortRanges(written.replace(/[{}\s]/g, "").replaceAll("-", ":"));
    return attaches === undefined || ports === null ? [] : [{ ...anyConnection, ports, chain: "PREROUTING", attaches }];
  });
}
