/**
 * What the lab's routers have: Debian 13's iptables 1.8.11 and nftables 1.1.3 on Linux 6.18, each tried with a rule in a router's
 * container. A rule with anything else would keep all others from being loaded.
 */

export const knownMatches: ReadonlySet<string> = new Set(
  (
    "addrtype ah bpf cgroup cluster comment connbytes connlimit connmark conntrack dscp dst ecn esp hashlimit helper hl icmp icmp6 " +
    "iprange length limit mac mark multiport owner physdev pkttype policy quota realm recent rpfilter sctp socket state statistic " +
    "string tcp tcpmss time tos ttl u32 udp udplite"
  ).split(" "),
);

export const knownTargets: ReadonlySet<string> = new Set(
  (
    "ACCEPT AUDIT CHECKSUM CLASSIFY CONNMARK CT DNAT DROP DSCP ECN HMARK IDLETIMER LOG MARK MASQUERADE NETMAP NFLOG NFQUEUE NOTRACK " +
    "QUEUE RATEEST REDIRECT REJECT RETURN SNAT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL"
  ).split(" "),
);

/** Targets that let a packet go on unchanged as far as FTP is concerned. */
export const harmlessTargets: ReadonlySet<string> = new Set(
  "ACCOUNT AUDIT CHECKSUM CLASSIFY DSCP FLOWOFFLOAD IDLETIMER LED LOG NFLOG RATEEST SECMARK CONNSECMARK SET TOS TRACE ULOG".split(
    " ",
  ),
);

/** Why a target is not loaded, where there is more to say than that the router's image lacks it. */
export const reasons: Readonly<Record<string, string>> = {
  FLOWOFFLOAD: "it only shortens the way of packets that already pass; the lab's kernel has no flow offload",
  SET: "the contents of ipset's sets were not given",
};

/** Statements of nftables that the lab's kernel or nft does not have. */
export const unknownStatements: readonly {
  readonly pattern: RegExp;
  readonly name: string;
  readonly why: string;
  readonly decides: boolean;
}[] = [
  { pattern: /\bflow (add|offload) @/, name: "flow add", why: reasons["FLOWOFFLOAD"] ?? "", decides: false },
  {
    pattern: /\bxt (match|target) /,
    name: "a rule of iptables that nft cannot print",
    why: "it does not decide about TCP",
    decides: false,
  },
  { pattern: /(^|\s)queue( |$)/, name: "queue", why: "no program would answer it", decides: true },
  { pattern: /(^|\s)tproxy /, name: "tproxy", why: "the lab's kernel lacks it", decides: true },
  {
    pattern: /(^|\s)socket (transparent|mark|wildcard|cgroupv2)\b/,
    name: "socket",
    why: "the lab's kernel lacks it",
    decides: true,
  },
  { pattern: /\b(ibrname|obrname)\b/, name: "ibrname", why: "the lab has no bridges inside routers", decides: false },
  { pattern: /\bmeta secmark\b/, name: "secmark", why: "the lab's kernel lacks it", decides: false },
  { pattern: /^\s*include\b/, name: "include", why: "the file that it names was not given", decides: true },
];
