/** Typed form of `topologies/<id>.yaml`: what the ruleset, the wiring, the picture and the prediction are all made from. */

export type Family = "ipv4" | "ipv6";

/** Inclusive port range; a single port has `first === last`. */
export type PortRange = { readonly first: number; readonly last: number };

/** What a filter does with a packet. `drop` is silent; `reject` answers TCP with RST, `prohibit` with ICMP. */
export type FilterVerdict = "accept" | "drop" | "reject" | "prohibit";

/**
 * A lab's network: hosts, routers and the point-to-point links between them. It has one client; a file with several is one network for
 * each of their positions.
 */
export type Topology = {
  /** File name without `.yaml`, and the position behind `@` where the file has several clients: `office@lan`. */
  readonly id: string;
  readonly title: string;
  /** Plain words for a person who knows FTP and not this tool. */
  readonly description: string;
  /** Of the address that clients dial; behind a translator there is the other one. */
  readonly family: Family;
  /** Stands beside the core matrix, which is to be run in a minute: its cells are chosen by name, or by `*`. */
  readonly isFurther?: true;
  /** The address that clients dial. */
  readonly dial: string;
  readonly nodes: readonly TopologyNode[];
  readonly links: readonly Link[];
  /** Addresses of clients at other positions of the network, which are not in this lab: rules may name them. */
  readonly elsewhere?: readonly AddressRange[];
};

export type TopologyNode = ClientNode | RouterNode | ServerNode | TranslatorNode;

/** Settings of a node's network namespace by name, such as `net.ipv4.tcp_keepalive_time`; left out: what the lab needs. */
export type Sysctls = Readonly<Record<string, string>>;

/** The host that the client program runs on. */
export type ClientNode = {
  readonly kind: "client";
  readonly id: string;
  /** What its position is called where there are several; left out: as the node. */
  readonly position?: string;
  /** What it dials in place of the network's address. */
  readonly dial?: string;
  readonly gateway: string | null;
  readonly sysctls?: Sysctls;
  /** Its own firewall, which the harness writes; left out: none. */
  readonly firewall?: HostFirewall;
  /** A user's own rules. */
  readonly userRules?: UserRules;
};

/** A host that the FTP server runs on. Where there are several, all run the same one with the same profile. */
export type ServerNode = {
  readonly kind: "server";
  readonly id: string;
  readonly gateway: string | null;
  /** ProFTPD `PassivePorts`. */
  readonly passivePorts: PortRange;
  /** ProFTPD `MasqueradeAddress`: the address put into 227 (never into 229). */
  readonly masqueradeAddress: string | null;
  /** ProFTPD `Port`: where it listens for plain FTP and explicit TLS. */
  readonly controlPort: number;
  /** Where it listens for implicit TLS; left out: 990. */
  readonly implicitPort?: number;
  readonly sysctls?: Sysctls;
  /** Its own firewall, which the harness writes; left out: none. */
  readonly firewall?: HostFirewall;
  /** A user's own rules. */
  readonly userRules?: UserRules;
};

/** A host's own stateful filter of what comes in: answers pass, new connections to these TCP ports too, and all else is dropped. */
export type HostFirewall = { readonly accepts: readonly PortRange[] };

/** A Linux router: iptables rules, and where the FTP helper (`nf_conntrack_ftp`) is attached. */
export type RouterNode = {
  readonly kind: "router";
  readonly id: string;
  readonly gateway: string | null;
  /** Control ports whose connections get `CT --helper ftp` in the raw table; empty if the router does not follow FTP. */
  readonly helperPorts: readonly number[];
  /** DNAT of connections that arrive on a link for an address of the router's. */
  readonly portForwards: readonly PortForward[];
  /** Links out of which sources are translated to the router's address (NAPT, MASQUERADE). */
  readonly masquerade: readonly string[];
  /** Sources that are translated to an address by name (SNAT), before `masquerade` is asked; the first that matches decides. */
  readonly sourceNats?: readonly SourceNat[];
  readonly filter: Filter;
  /** Loaded in place of the rules that all this would give. */
  readonly userRules?: UserRules;
  readonly make: RouterMake;
  readonly sysctls?: Sysctls;
};

/**
 * A stateless translator between the client's IPv6 and the IPv4 of everything behind it (NAT64 by RFC 7915): it changes addresses
 * and no ports, and looks at no payload.
 */
export type TranslatorNode = {
  readonly kind: "translator";
  readonly id: string;
  readonly gateway: string | null;
  /** CIDR of 96 bits, in which IPv4 addresses are embedded (RFC 6052). */
  readonly prefix: string;
  /** IPv4 addresses that stand for the client's, each in its order (EAM, RFC 7757). */
  readonly pool: AddressRange;
  readonly sysctls?: Sysctls;
};

/** The lines that a helper may know: replies of RFC 959 and RFC 2428, commands of the same. */
export const helperLines = ["227", "229", "PORT", "EPRT"] as const;
export type HelperLine = (typeof helperLines)[number];

/** What kind of machine a router is, beside its rules. */
export type RouterMake = {
  /** Which of the kernel's two packet filters holds its rules. */
  readonly tables: "nf_tables" | "legacy";
  /** What attaches the helper: iptables' CT target in raw, or an object of nftables' own (`ct helper set`). */
  readonly helperBy: "iptables" | "nftables";
  /** Lines that its helper understands; Linux's understands all. */
  readonly helperKnows: readonly HelperLine[];
  /** After how many seconds of silence it forgets a connection for good; `null` is Linux's five days. */
  readonly idleTimeoutS: number | null;
  /** Longest packet that it sends on, in bytes, where that is less than its wires take (a tunnel, PPPoE). */
  readonly mtu: number | null;
  /** Whether it says so when a packet is too long for it (ICMP, RFC 1191 and RFC 8201). */
  readonly tellsTooLong: boolean;
  /** Of how many TCP packets one is lost before it comes to the router; `null` is none. */
  readonly losesOneIn: number | null;
};

/** A Linux router of today that keeps everything. */
export const ordinaryMake: RouterMake = {
  tables: "nf_tables",
  helperBy: "iptables",
  helperKnows: helperLines,
  idleTimeoutS: null,
  mtu: null,
  tellsTooLong: true,
  losesOneIn: null,
};

/** A file of rules: the output of iptables-save or ip6tables-save, or input of `nft -f`. */
export type RulesFile = {
  readonly format: "iptables" | "nftables";
  /** Its name in messages. */
  readonly file: string;
  readonly text: string;
};

/** A user's own rules for a node: a file, and those that are loaded after it. */
export type UserRules = RulesFile & {
  /** Files of the same node that are loaded after this one, in this order. */
  readonly further?: readonly RulesFile[];
  /** Shell lines of a remedy, pasted after the rules were loaded. */
  readonly pasted?: readonly string[];
  /** Interfaces and addresses that they name and that no node has, as in the real network; rules for them match nothing. */
  readonly absent?: readonly string[];
};

export type PortForward = {
  readonly on: string;
  /** The address that is forwarded; left out, the router's own on that link. */
  readonly address?: string;
  readonly ports: readonly PortRange[];
  readonly to: string;
  /** Left out: `to` gets every connection. */
  readonly balance?: Balance;
  /** Where the ports begin at `to`, each keeping its place in the range; left out, they keep their numbers. Needs one range. */
  readonly toFirstPort?: number;
};

/**
 * Hosts that share a forward's connections with its `to`. `round-robin` counts new connections of all clients together, `random` draws
 * for each, `source` keeps all connections of an address together.
 */
export type Balance = { readonly others: readonly string[]; readonly by: BalancedBy };

export const balancedBy = ["round-robin", "random", "source"] as const;
export type BalancedBy = (typeof balancedBy)[number];

/** SNAT of connections that leave by a link; `ports`, those that they lead to, `null` for any. */
export type SourceNat = { readonly out: string; readonly ports: readonly PortRange[] | null; readonly to: string };

/** A stateful packet filter: ESTABLISHED always passes. */
export type Filter = {
  /** For new connections to the router itself that no rule forwards. */
  readonly input: FilterVerdict;
  /** For new connections through the router that no `allow` names. */
  readonly forward: FilterVerdict;
  readonly allow: readonly AllowRule[];
  /** Whether RELATED (expected by the helper) may pass. */
  readonly related: boolean;
};

/** New TCP connections that may pass from one link to another; `ports: null` is any port. */
export type AllowRule = { readonly from: string; readonly to: string; readonly ports: readonly PortRange[] | null };

/**
 * * A wire between two nodes (a veth pair), a switch between more, or a network with a single node. Its id is the interface's name at every
 * end that has no name of its own.
 */
export type Link = {
  readonly id: string;
  /** CIDR. */
  readonly subnet: string;
  readonly ends: readonly LinkEnd[];
  /** In each direction, all connections together; `null` is as fast as the machine. */
  readonly rateKbit: number | null;
  /** In each direction. */
  readonly delayMs: number | null;
};

/** A node's addresses on a link: one, or a range. Of a client's each cell in flight takes its own; a router's first is its own. */
export type LinkEnd = {
  readonly node: string;
  readonly addresses: AddressRange;
  /** The interface's name in that node, where it is not the link's id. */
  readonly interface?: string;
};

/** Inclusive. */
export type AddressRange = { readonly first: string; readonly last: string };
