/** What a router is told where its rules are nftables' own: commands for the tables and chains that it really has. */
import type { PortRange } from "../../model/topology";
import type { NftBaseChain } from "../../evidence/text/rules";
import type { RulePlace } from "../../evidence/text/nft/ruleset";
import type { RouterView } from "../observations";

/** Whether nftables' own chains are all that the router has. */
export function speaksNft(router: RouterView | null): router is RouterView & { readonly rules: object } {
  return router?.rules?.hasIptables === false && router.rules.nftChains.length > 0;
}

/** Names come from whoever recorded them, and lines are to be pasted. */
const plainName = /^[\w.-]{1,64}$/;

function chainsOf(router: Pick<RouterView, "rules"> | null, ...hooks: readonly string[]): readonly NftBaseChain[] {
  return (router?.rules?.nftChains ?? []).filter(
    ({ table, chain, hook }) => hooks.includes(hook) && plainName.test(table) && plainName.test(chain),
  );
}

/** One command, in quotes: braces, semicolons and names mean something to a shell. */
export function nft(...words: readonly (string | null)[]): string {
  return `nft '${words.filter((word) => word !== null && word !== "").join(" ")}'`;
}

/** Matches of a rule, in their order; what is `null` is not asked. */
export type NftMatch = {
  readonly inLink?: string | null;
  readonly outLink?: string | null;
  readonly source?: string | null;
  readonly destination?: string | null;
  /** What stands behind `tcp dport`. */
  readonly ports?: string;
};

function asked({ inLink = null, outLink = null, source = null, destination = null, ports }: NftMatch): string {
  return [
    ...(inLink === null ? [] : [`iifname "${inLink}"`]),
    ...(outLink === null ? [] : [`oifname "${outLink}"`]),
    ...(source === null ? [] : [`${familyOf(source)} saddr ${source}`]),
    ...(destination === null ? [] : [`${familyOf(destination)} daddr ${destination}`]),
    ...(ports === undefined ? [] : [`tcp dport ${ports}`]),
  ].join(" ");
}

function familyOf(address: string): "ip" | "ip6" {
  return address.includes(":") ? "ip6" : "ip";
}

/** `21` or `50000-50999`. */
export function nftPorts({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/**
 * Accepts at the beginning of each chain that may block, since all of a hook have to accept. What is told of nftables' chains beside
 * iptables' is told too.
 */
export function acceptLines(
  router: Pick<RouterView, "rules"> | null,
  match: NftMatch,
  more: string,
  hooks: readonly string[] = ["prerouting", "forward"],
): readonly string[] {
  return chainsOf(router, ...hooks)
    .filter(({ blocks }) => blocks)
    .map(({ family, table, chain, hook }) => {
      // Before routing no packet has a way out, and before translation none its last destination.
      const known = hook === "prerouting" ? { ...match, outLink: null, destination: null } : match;
      return nft("insert rule", family, table, chain, asked(known), more, "accept");
    });
}

/** A table of its own, with one chain and one rule. */
function ownTable(
  family: string,
  table: string,
  type: string,
  hook: string,
  rule: string,
  ...objects: string[]
): string[] {
  return [
    nft("add table", family, table),
    ...objects.map((object) => nft("add", object.replace(/^(ct helper) /, `$1 ${family} ${table} `))),
    nft(`add chain ${family} ${table} ${hook} { type ${type.replace(" ", ` hook ${hook} priority `)}; }`),
    nft("add rule", family, table, hook, rule),
  ];
}

/**
 * Attaches the FTP helper in a table of its own: after conntrack (-200), which has to know the connection, and before destinations are
 * translated (-100), since only then the kernel can write a reply of another length (nf_nat_core.c).
 */
export function attachLines(port: number): readonly string[] {
  const rule = `tcp dport ${port} ct helper set "ftp"`;
  return ownTable(
    "inet",
    "ftp_helper",
    "filter mangle",
    "prerouting",
    rule,
    'ct helper ftp { type "ftp" protocol tcp; }',
  );
}

/** Takes rules away by their handles; empty if some handle is not known. */
export function deleteLines(places: readonly (RulePlace | undefined)[]): readonly string[] {
  const lines = places.map((place) =>
    place === undefined || place.handle === null || !plainName.test(place.table) || !plainName.test(place.chain)
      ? null
      : `nft delete rule ${place.family} ${place.table} ${place.chain} handle ${place.handle}`,
  );
  const known = lines.filter((line) => line !== null);
  return known.length < lines.length ? [] : [...new Set(known)];
}

/** A rule at the beginning of the router's own NAT chain, or in a table of its own where it has none. */
export function translationLines(
  router: Pick<RouterView, "rules"> | null,
  hook: "prerouting" | "postrouting",
  match: NftMatch & { readonly isTcp?: boolean },
  target: { readonly verb: "dnat" | "snat" | "masquerade"; readonly to: string | null; readonly more?: string },
): readonly string[] {
  const { verb, to, more = "" } = target;
  const address = to ?? match.destination ?? "";
  const tcp = match.isTcp === true ? "meta l4proto tcp" : "";
  const own = familyOf(address);
  const ruleFor = (family: string): string =>
    [asked(match), tcp, verb, ...(to === null ? [] : [family === "inet" ? `${own} to` : "to", to]), more]
      .filter((word) => word !== "")
      .join(" ");
  const chain = chainsOf(router, hook).find(({ type }) => type === "nat");
  if (chain !== undefined) return [nft("insert rule", chain.family, chain.table, chain.chain, ruleFor(chain.family))];
  const priority = hook === "prerouting" ? "dstnat" : "srcnat";
  return ownTable(own, "ftp_nat", `nat ${priority}`, hook, ruleFor(own));
}

/** Keeps TCP segments within what the way takes, for both directions. */
export function clampLines(): readonly string[] {
  return ownTable("inet", "ftp_mss", "filter mangle", "forward", "tcp flags syn tcp option maxseg size set rt mtu");
}
