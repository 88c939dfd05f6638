import type {
  ClientNode,
  FilterVerdict,
  PortForward,
  PortRange,
  RouterMake,
  RouterNode,
  RulesFile,
  ServerNode,
  Topology,
  UserRules,
} from "../model/topology";
import { targetsOf } from "./balance";
import { attachmentsOf, familyOf, interfaceOf } from "../model/network";

/** What a node is given: one atomic `iptables-restore` (or `ip6tables-restore`) input, or that of `nft` in a user's own file. */
export type Ruleset = {
  readonly command: string;
  readonly text: string;
  /** What is loaded after it, in this order. */
  readonly further?: readonly Pick<Ruleset, "command" | "text">[];
  /** Lines of shell after all of it. */
  readonly pasted?: readonly string[];
};

/** Renders a router's rules; links become the router's own interfaces. */
export function renderRuleset(topology: Topology, router: RouterNode): Ruleset {
  const v6 = familyOf(topology, router.id) === "ipv6";
  if (router.userRules !== undefined) return ownRuleset(topology, router.id, router.userRules);
  const tables = [rawTable(router), ...(v6 ? [] : [natTable(topology, router)]), filterTable(topology, router, v6)];
  const head = `# ${topology.id}: rules of ${router.id}\n`;
  return { command: `${tablesCommand(topology, router)}-restore`, text: head + tables.join("") };
}

/** A user's own rules for a router or a host. */
export function ownRuleset(topology: Topology, node: string, rules: UserRules): Ruleset {
  const v6 = familyOf(topology, node) === "ipv6";
  const loaded = ({ format, text }: RulesFile): Pick<Ruleset, "command" | "text"> => {
    return { command: format === "nftables" ? "nft -f" : v6 ? "ip6tables-restore" : "iptables-restore", text };
  };
  const { further = [], pasted } = rules;
  return {
    ...loaded(rules),
    ...(further.length === 0 ? {} : { further: further.map(loaded) }),
    ...(pasted === undefined ? {} : { pasted }),
  };
}

/** The texts of a ruleset, each after the command that loads it. */
export function rulesetText({ command, text, further = [] }: Ruleset): string {
  return [{ command, text }, ...further].map((part) => `# for ${part.command}\n${part.text}`).join("");
}

/** Renders the rules of a host's own firewall; `null` if it has none. */
export function renderHostRuleset(topology: Topology, host: ClientNode | ServerNode): Ruleset | null {
  if (host.userRules !== undefined) return ownRuleset(topology, host.id, host.userRules);
  if (host.firewall === undefined) return null;
  const v6 = familyOf(topology, host.id) === "ipv6";
  const accepts = portMatches(host.firewall.accepts).map(
    (match) => `-A INPUT -p tcp ${match} -m conntrack --ctstate NEW -j ACCEPT`,
  );
  const filter = table(
    "filter",
    [":INPUT DROP [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"],
    [...acceptedInput(v6), ...accepts],
  );
  const head = `# ${topology.id}: rules of ${host.id}\n`;
  return { command: v6 ? "ip6tables-restore" : "iptables-restore", text: head + filter };
}

/** The program that speaks to the tables in which a router's rules are held; `-restore` and `-save` come after it. */
export function tablesCommand(topology: Topology, router: RouterNode): string {
  const program = familyOf(topology, router.id) === "ipv6" ? "ip6tables" : "iptables";
  return router.make.tables === "legacy" ? `${program}-legacy` : program;
}

/** Lets the kernel trace which rules and policies each SYN meets; it changes no verdict. */
const traceRule = "-A PREROUTING -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TRACE";

/**
 * Attaches the helper. It must be here, before NAT is set up for the connection, or rewriting a reply of another length
 * has no sequence adjustment to lean on (nf_nat_core.c); since Linux 6.0 nothing but a rule attaches it at all.
 */
function rawTable(router: RouterNode): string {
  const { helperBy, losesOneIn } = router.make;
  const ports = helperBy === "iptables" ? router.helperPorts : [];
  const helpers = ports.map((port) => `-A PREROUTING -p tcp --dport ${port} -j CT --helper ftp`);
  return table(
    "raw",
    [":PREROUTING ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"],
    [traceRule, ...helpers, ...(losesOneIn === null ? [] : [lossRule(losesOneIn)])],
  );
}

/**
 * Before conntrack, as on the wire: what is lost after it would have used up an expectation. Every nth and not at random, so that
 * no packet is lost twice in a row.
 */
function lossRule(oneIn: number): string {
  return `-A PREROUTING -p tcp -m statistic --mode nth --every ${oneIn} --packet ${oneIn - 1} -j DROP`;
}

function natTable(topology: Topology, router: RouterNode): string {
  const named = (link: string): string => interfaceOf(topology, router.id, link);
  const addresses = new Map(attachmentsOf(topology, router.id).map(({ link, address }) => [link.id, address]));
  const forwards = router.portForwards.flatMap((forward) =>
    portMatches(forward.ports).flatMap((ports) =>
      destinations(forward).map(
        ({ match, to }) =>
          `-A PREROUTING -i ${named(forward.on)} -d ${forward.address ?? addresses.get(forward.on) ?? ""}/32 -p tcp ${ports} ${match}-j DNAT --to-destination ${to}`,
      ),
    ),
  );
  const sources = (router.sourceNats ?? []).flatMap(({ out, ports, to }) =>
    (ports === null ? [""] : portMatches(ports).map((match) => `-p tcp ${match} `)).map(
      (match) => `-A POSTROUTING -o ${named(out)} ${match}-j SNAT --to-source ${to}`,
    ),
  );
  const masquerade = router.masquerade.map((link) => `-A POSTROUTING -o ${named(link)} -j MASQUERADE`);
  const chains = [
    ":PREROUTING ACCEPT [0:0]",
    ":INPUT ACCEPT [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    ":POSTROUTING ACCEPT [0:0]",
  ];
  return table("nat", chains, [...forwards, ...sources, ...masquerade]);
}

/**
 * One rule, or one for each server of several: the first takes its share, and the others what is left, as kube-proxy writes it.
 * NAT rules see the first packet of a connection alone, so what they count is connections. `--persistent` chooses from a range by
 * the source address (nf_nat_core.c find_best_ips_proto).
 */
function destinations(forward: PortForward): readonly { readonly match: string; readonly to: string }[] {
  const targets = targetsOf(forward);
  const by = forward.balance?.by ?? null;
  if (by === null) return [{ match: "", to: `${forward.to}${shift(forward)}` }];
  if (by === "source") {
    return [{ match: "", to: `${forward.to}-${targets.at(-1) ?? ""}${shift(forward)} --persistent` }];
  }
  return targets.map((target, index) => {
    const left = targets.length - index;
    const share =
      by === "round-robin" ? `nth --every ${left} --packet 0` : `random --probability ${(1 / left).toFixed(8)}`;
    return { match: left === 1 ? "" : `-m statistic --mode ${share} `, to: `${target}${shift(forward)}` };
  });
}

/** `:50000-50999/60000`: the port that was dialled keeps its distance from the last number (iptables-extensions(8), DNAT). */
function shift({ ports, toFirstPort }: PortForward): string {
  const [range] = ports;
  if (toFirstPort === undefined || range === undefined) return "";
  const last = toFirstPort + range.last - range.first;
  return `:${formatPorts({ first: toFirstPort, last }, "-")}/${range.first}`;
}

function filterTable(topology: Topology, router: RouterNode, v6: boolean): string {
  const named = (link: string): string => interfaceOf(topology, router.id, link);
  const { filter, make } = router;
  const related = filter.related ? ["-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT"] : [];
  const allow = filter.allow.flatMap(({ from, to, ports }) =>
    (ports === null ? [""] : portMatches(ports)).map((match) =>
      `-A FORWARD -i ${named(from)} -o ${named(to)} -p tcp ${match} -m conntrack --ctstate NEW -j ACCEPT`.replace(
        "  ",
        " ",
      ),
    ),
  );
  return table(
    "filter",
    [`:INPUT ${policy(filter.input)} [0:0]`, `:FORWARD ${policy(filter.forward)} [0:0]`, ":OUTPUT ACCEPT [0:0]"],
    [
      ...acceptedInput(v6),
      ...traceOfLost("INPUT", filter.input, make),
      ...rejection("INPUT", filter.input, v6),
      "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT",
      ...related,
      ...allow,
      ...traceOfLost("FORWARD", filter.forward, make),
      ...rejection("FORWARD", filter.forward, v6),
      ...(make.tellsTooLong ? [] : [`-A OUTPUT ${v6 ? tooLong.ipv6 : tooLong.ipv4} -j DROP`]),
    ],
  );
}

/** What every node lets in. Without neighbour discovery (ICMPv6, RFC 4861) one of IPv6 cannot even be reached. */
function acceptedInput(v6: boolean): readonly string[] {
  return [
    "-A INPUT -i lo -j ACCEPT",
    ...(v6 ? ["-A INPUT -p ipv6-icmp -j ACCEPT"] : []),
    "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
  ];
}

/** A chain's policy cannot be REJECT: the chain ends in a rule that does it. */
function policy(verdict: FilterVerdict): "ACCEPT" | "DROP" {
  return verdict === "accept" ? "ACCEPT" : "DROP";
}

/** What comes so far in a chain that does not accept is lost: it is told too, be it no SYN. */
function traceOfLost(chain: string, verdict: FilterVerdict, { tables }: RouterMake): string[] {
  // The older tables trace from raw on or not at all.
  return verdict === "accept" || tables === "legacy" ? [] : [`-A ${chain} -p tcp -j TRACE`];
}

/** Messages that name the length which would pass (RFC 1191, RFC 8201). */
const tooLong = {
  ipv4: "-p icmp --icmp-type fragmentation-needed",
  ipv6: "-p ipv6-icmp --icmpv6-type packet-too-big",
} as const;

function rejection(chain: string, verdict: FilterVerdict, v6: boolean): string[] {
  const prohibited = v6 ? "icmp6-adm-prohibited" : "icmp-admin-prohibited";
  switch (verdict) {
    case "accept":
    case "drop":
      return [];
    case "reject":
      return [`-A ${chain} -p tcp -j REJECT --reject-with tcp-reset`];
    case "prohibit":
      return [`-A ${chain} -p tcp -j REJECT --reject-with ${prohibited}`];
  }
}

/** multiport takes at most 15 ports, a range counting as two. */
function portMatches(ports: readonly PortRange[]): string[] {
  const perRule = 7;
  const matches: string[] = [];
  for (let start = 0; start < ports.length; start += perRule) {
    const words = ports.slice(start, start + perRule).map((range) => formatPorts(range));
    matches.push(words.length === 1 ? `--dport ${words.join("")}` : `-m multiport --dports ${words.join(",")}`);
  }
  return matches;
}

function formatPorts({ first, last }: PortRange, dash = ":"): string {
  return first === last ? String(first) : `${first}${dash}${last}`;
}

function table(name: string, chains: readonly string[], rules: readonly string[]): string {
  return [`*${name}`, ...chains, ...rules, "COMMIT", ""].join("\n");
}
