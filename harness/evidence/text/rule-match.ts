import type { PortRange } from "../../model/topology";
import { formatAddress, formatSubnet, parseAddress, parseSubnet, subnetContains, type Subnet } from "../../net/address";
import { withPrefix } from "../../net/netmask";
import { readPort } from "./lines";
import type { RulePlace } from "./nft/ruleset";

/** What a rule asks of a TCP connection's first packet; `null` is "any". */
export type RuleMatch = {
  readonly inLink: string | null;
  readonly outLink: string | null;
  /** Address, or CIDR block. */
  readonly source: string | null;
  readonly destination: string | null;
  /** Destination ports. */
  readonly ports: readonly PortRange[] | null;
  /** Conntrack states, such as `NEW` and `RELATED`. */
  readonly states: readonly string[] | null;
  /** Helper of the control connection (`-m helper`): a match, no attachment. */
  readonly helper: string | null;
  /** Only connections whose destination was translated (`--ctstate DNAT`, `ct status dnat`). */
  readonly isForwarded?: true;
  /** It may match less than the rest says: it asks for more, or an earlier rule takes packets away. */
  readonly conditional: boolean;
  /** What more it asks, as far as it is read here; all of it has to hold. */
  readonly further?: readonly Further[];
  /** It asks for something that is not read here. */
  readonly isUnread?: true;
};

/** What one block, one name or one list cannot say. */
export type Further =
  | { readonly kind: "one-of" | "none-of"; readonly matches: readonly RuleMatch[] }
  /** The name of a link begins so (`eth+`, `"eth*"`). */
  | { readonly kind: "link"; readonly end: "in" | "out"; readonly prefix: string }
  | { readonly kind: "source-ports"; readonly ports: readonly PortRange[] }
  /** What was dialled, before any translation here (`--ctorigdstport`, `ct original proto-dst`). */
  | { readonly kind: "dialled-ports"; readonly ports: readonly PortRange[] }
  | { readonly kind: "dialled"; readonly block: string }
  /** The destination is an address of the machine itself (`addrtype --dst-type LOCAL`, `fib daddr type local`). */
  | { readonly kind: "local-destination" };

/** A match that asks for no more than this. */
export function askingFurther(...further: readonly Further[]): RuleMatch {
  return { ...anyConnection, conditional: true, further };
}

/** A match that all TCP connections meet. */
export const anyConnection: RuleMatch = {
  inLink: null,
  outLink: null,
  source: null,
  destination: null,
  ports: null,
  states: null,
  helper: null,
  conditional: false,
};

/** A match that asks for something which is not read here. */
export const unreadMatch: RuleMatch = { ...anyConnection, conditional: true, isUnread: true };

/** Whether a match is met by every TCP connection. */
export function isUniversal(match: RuleMatch): boolean {
  const { inLink, outLink, source, destination, ports, states, helper, conditional } = match;
  const asked = [inLink, outLink, source, destination, ports, states, helper];
  return !conditional && match.isForwarded !== true && asked.every((part) => part === null);
}

/** What meets both matches; `null` when nothing can. */
export function bothMatches(one: RuleMatch, other: RuleMatch): RuleMatch | null {
  const inLink = bothOf(one.inLink, other.inLink, (a, b) => (a === b ? a : undefined));
  const outLink = bothOf(one.outLink, other.outLink, (a, b) => (a === b ? a : undefined));
  const source = bothOf(one.source, other.source, narrowerBlock);
  const destination = bothOf(one.destination, other.destination, narrowerBlock);
  const ports = bothOf(one.ports, other.ports, sharedPorts);
  const states = bothOf(one.states, other.states, (a, b) => nonEmpty(a.filter((state) => b.includes(state))));
  const helper = bothOf(one.helper, other.helper, (a, b) => (a === b ? a : undefined));
  if (inLink === undefined || outLink === undefined || source === undefined || destination === undefined) return null;
  if (ports === undefined || states === undefined || helper === undefined) return null;
  const conditional = one.conditional || other.conditional;
  const further = [...(one.further ?? []), ...(other.further ?? [])];
  const both = {
    ...{ inLink, outLink, source, destination, ports, states, helper, conditional },
    ...(further.length === 0 ? {} : { further }),
    ...(one.isUnread === true || other.isUnread === true ? ({ isUnread: true } as const) : {}),
  };
  return one.isForwarded === true || other.isForwarded === true ? { ...both, isForwarded: true } : both;
}

/** `undefined` is "nothing", `null` is "any". */
function bothOf<T>(one: T | null, other: T | null, share: (one: T, other: T) => T | undefined): T | null | undefined {
  if (one === null) return other;
  return other === null ? one : share(one, other);
}

function narrowerBlock(one: string, other: string): string | undefined {
  const [first, second] = [subnetOf(one), subnetOf(other)];
  if (first === null || second === null) return one === other ? one : undefined;
  if (first.prefix >= second.prefix) return contains(second, first) ? one : undefined;
  return contains(first, second) ? other : undefined;
}

function contains(outer: Subnet, inner: Subnet): boolean {
  return subnetContains(outer, { family: inner.family, value: inner.base });
}

/** An address is a block of one. */
function subnetOf(text: string): Subnet | null {
  return parseSubnet(text) ?? parseSubnet(`${text}/${text.includes(":") ? "128" : "32"}`);
}

function sharedPorts(one: readonly PortRange[], other: readonly PortRange[]): readonly PortRange[] | undefined {
  // Rules of jumps into jumps could otherwise multiply without end; multiport itself takes 15.
  const shared = one.slice(0, 64).flatMap((a) =>
    other.slice(0, 64).flatMap((b) => {
      const [first, last] = [Math.max(a.first, b.first), Math.min(a.last, b.last)];
      return first <= last ? [{ first, last }] : [];
    }),
  );
  return nonEmpty(shared.slice(0, 64));
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Whether the ranges, taken together, hold all of `wanted`; `null` stands for all ports. */
export function coversPorts(ranges: readonly PortRange[] | null, wanted: PortRange): boolean {
  if (ranges === null) return true;
  let next = wanted.first;
  for (const { first, last } of [...ranges].sort((one, other) => one.first - other.first)) {
    if (first > next) break;
    next = Math.max(next, last + 1);
  }
  return next > wanted.last;
}

/** An address or block as written in a rule: `null` for "any", `undefined` when it cannot be read. */
export function readBlock(text: string): string | null | undefined {
  const address = parseAddress(text);
  if (address !== null) return formatAddress(address);
  const subnet = parseSubnet(withPrefix(text));
  if (subnet === null) return undefined;
  if (subnet.prefix === 0) return null;
  const host = subnet.prefix === (subnet.family === "ipv4" ? 32 : 128);
  return host ? formatAddress({ family: subnet.family, value: subnet.base }) : formatSubnet(subnet);
}

/** Names that hand-written rules use for the ports of FTP. */
const serviceNames: ReadonlyMap<string, number> = new Map([
  ["ftp-data", 20],
  ["ftp", 21],
  ["ftps-data", 989],
  ["ftps", 990],
]);

/** `21`, `ftp`, `50000:50999`, `1024:`, or several with commas between them; `null` when it cannot be read. */
export function readPortRanges(text: string): readonly PortRange[] | null {
  const ranges: PortRange[] = [];
  for (const word of text.split(",")) {
    const [from = "", to = from, ...more] = word.split(":");
    const first = from === "" && word.includes(":") ? 0 : (serviceNames.get(from) ?? readPort(from));
    const last = to === "" && word.includes(":") ? 65535 : (serviceNames.get(to) ?? readPort(to));
    if (first === null || last === null || first > last || more.length > 0) return null;
    ranges.push({ first, last });
  }
  return ranges;
}

/** `-j CT --helper` in the raw table, or `ct helper set` of nftables; `ports` are the control ports. */
export type HelperAttachment = RuleMatch & {
  /** `PREROUTING` and `FORWARD` for what passes through, `INPUT` and `OUTPUT` for what the machine itself gets and sends. */
  readonly chain: "PREROUTING" | "FORWARD" | "INPUT" | "OUTPUT";
  /** The helper: `ftp`. */
  readonly attaches: string;
  /**
   * It comes after the destination was translated (a priority above -100): kernels before Linux commit 90918e3b6404 then have no
   * sequence adjustment, so no reply of another length can be written.
   */
  readonly isAfterNat?: true;
  /** Where the rule stands, if nftables holds it. */
  readonly place?: RulePlace;
};
