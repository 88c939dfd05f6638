/** What addresses and ports look like in rules, be they iptables' or nftables'. */
import type { PortRange } from "../../model/topology";
import { lastOf, parseAddress, parseSubnet } from "../../net/address";
import { withPrefix } from "../../net/netmask";
import type { NamedBlock } from "./statement";

/** `10.0.0.5`, `10.0.0.0/24`, `10.0.0.0/255.255.255.0` or `10.0.0.5-10.0.0.9`; `null` for anything else. */
export function blockIn(text: string): NamedBlock | null {
  const [from = "", to] = text.split("-");
  const [first, last] = [parseAddress(from), to === undefined ? null : parseAddress(to)];
  if (first !== null)
    return to === undefined || last === null ? { text, first, last: last ?? first } : { text, first, last };
  const subnet = parseSubnet(withPrefix(text));
  if (subnet === null) return null;
  const { family } = subnet;
  return { text, first: { family, value: subnet.base }, last: { family, value: lastOf(subnet) } };
}

const services: Readonly<Record<string, number>> = { "ftp-data": 20, ftp: 21, "ftps-data": 989, ftps: 990 };
const otherServices = /^[a-z][a-z0-9-]*$/;

/** `21`, `ftp`, `50000:50999` or `50000-50999`; a service that is none of FTP's is no port of it; `null` if it cannot be read. */
export function portsIn(text: string): PortRange | null {
  const [from = "", to = from] = text.split(/[:-](?=\d*$)/);
  const numberOf = (word: string, open: number): number | null =>
    word === "" ? open : /^\d{1,5}$/.test(word) ? Number(word) : (services[word] ?? null);
  const [first, last] = [numberOf(from, 0), numberOf(to, 65_535)];
  if (first !== null && last !== null) return { first, last };
  return otherServices.test(text) ? { first: 0, last: 0 } : null;
}
