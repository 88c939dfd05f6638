/** `ip addr`, `ip -o addr`, `ip -br addr` and `ifconfig` → interfaces with their IPv4 addresses. */
import { parseAddress } from "../../net/address";
import type { Interface, InterfaceAddress } from "../host";
import { originAt, type Piece } from "../pieces/piece";
import { interfacesUp } from "./ifupdown";
import { prefixOf } from "../../net/netmask";

/** What has no address is there too: rules may name it. */
export function interfacesIn(piece: Piece): readonly Interface[] {
  if (piece.kind === "ifupdown") return interfacesUp(piece);
  return piece.kind === "ifconfig" ? ofIfconfig(piece) : ofIp(piece);
}

/** A line of `ip -br addr`. */
const brief = /^([\w.-]+)(?:@\S+)?\s+(?:UP|DOWN|UNKNOWN)\b/;

function ofIp(piece: Piece): readonly Interface[] {
  const found = new Map<string, { readonly first: number; readonly addresses: InterfaceAddress[] }>();
  let current: string | null = null;
  for (const [index, line] of piece.lines.entries()) {
    // `eth0@if5` is only eth0.
    const name = (/^\d+: ([^\s:@]+)(?:@\S+)?(?::|\s)/.exec(line) ?? brief.exec(line))?.[1];
    if (name !== undefined) {
      current = name;
      if (!found.has(name)) found.set(name, { first: index, addresses: [] });
    }
    const [, address = "", peerOrPrefix, peer, prefix] =
      /\binet (\d[\d.]*)(?:\/(\d+))?(?: peer (\d[\d.]*)(?:\/(\d+))?)?/.exec(line) ??
      (brief.test(line) ? /\s(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?/.exec(line) : null) ??
      [];
    if (current === null || parseAddress(address) === null) continue;
    const bits = Number(peer === undefined ? (peerOrPrefix ?? 32) : (prefix ?? 32));
    found.get(current)?.addresses.push({ address, prefix: bits, peer: peer ?? null, from: originAt(piece, index) });
  }
  return [...found].map(([name, { first, addresses }]) => ({ name, addresses, from: originAt(piece, first) }));
}

function ofIfconfig(piece: Piece): readonly Interface[] {
  const found: { readonly name: string; readonly first: number; readonly addresses: InterfaceAddress[] }[] = [];
  for (const [index, line] of piece.lines.entries()) {
    const name = /^([^\s:]+)(?::\d+)?(?::? flags=|\s+Link encap:)/.exec(line)?.[1];
    if (name !== undefined) found.push({ name, first: index, addresses: [] });
    const address = /\binet (?:addr:)?(\d[\d.]*)/.exec(line)?.[1];
    if (address === undefined || parseAddress(address) === null) continue;
    const peer = /\b(?:P-t-P:|destination )(\d[\d.]*)/.exec(line)?.[1] ?? null;
    const mask = /\b(?:Mask:|netmask )(\S+)/.exec(line)?.[1] ?? "255.255.255.255";
    found.at(-1)?.addresses.push({ address, prefix: prefixOf(mask), peer, from: originAt(piece, index) });
  }
  return found.map(({ name, first, addresses }) => ({ name, addresses, from: originAt(piece, first) }));
}
