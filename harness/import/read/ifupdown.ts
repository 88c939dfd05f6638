/** `/etc/network/interfaces` of Debian (interfaces(5)) → interfaces with their IPv4 addresses, and default routes. */
import { parseAddress } from "../../net/address";
import type { Interface, InterfaceAddress, Route } from "../host";
import { originAt, type Piece } from "../pieces/piece";
import type { Origin } from "../place";
import { prefixOf } from "../../net/netmask";

type Stanza = { readonly name: string; readonly from: Origin; readonly options: Map<string, Option> };
type Option = { readonly value: string; readonly from: Origin };

/** Those that get their addresses by DHCP are there too: rules may name them. */
export function interfacesUp(piece: Piece): readonly Interface[] {
  const found = new Map<string, { readonly from: Origin; readonly addresses: InterfaceAddress[] }>();
  for (const { name, from, options } of stanzasOf(piece)) {
    const one = found.get(name) ?? { from, addresses: [] };
    found.set(name, one);
    const [address = "", bits] = options.get("address")?.value.split("/") ?? [];
    if (parseAddress(address)?.family !== "ipv4") continue;
    const mask = options.get("netmask")?.value ?? "255.255.255.0";
    const prefix = bits === undefined ? (/^\d+$/.test(mask) ? Number(mask) : prefixOf(mask)) : Number(bits);
    const peer = options.get("pointopoint")?.value ?? null;
    one.addresses.push({ address, prefix, peer, from: options.get("address")?.from ?? from });
  }
  return [...found].map(([name, one]) => ({ name, ...one }));
}

/** The `gateway` lines. */
export function gatewaysIn(piece: Piece): readonly Route[] {
  return stanzasOf(piece).flatMap(({ name, options }): readonly Route[] => {
    const gateway = options.get("gateway");
    if (gateway === undefined || parseAddress(gateway.value)?.family !== "ipv4") return [];
    return [{ to: "default", via: gateway.value, device: name, source: null, from: gateway.from }];
  });
}

/** `iface` stanzas of IPv4; `eth0:1` is a further address of eth0. */
function stanzasOf(piece: Piece): readonly Stanza[] {
  const stanzas: Stanza[] = [];
  let isOpen = false;
  for (const [index, line] of piece.lines.entries()) {
    const from = originAt(piece, index);
    const [word = "", ...rest] = line.trim().split(/\s+/);
    if (["iface", "auto", "mapping", "source", "source-directory"].includes(word) || word.startsWith("allow-")) {
      const [name = "", family] = rest;
      isOpen = word === "iface" && family === "inet" && name !== "lo";
      if (isOpen) stanzas.push({ name: name.replace(/:.*$/, ""), from, options: new Map() });
    } else if (isOpen && !word.startsWith("#")) {
      stanzas.at(-1)?.options.set(word, { value: rest.join(" "), from });
    }
  }
  return stanzas;
}
