/** Lines for a router or a host, in the language of its own rules. */
import { familyOf } from "../../model/network";
import type { PortRange, Topology, TopologyNode } from "../../model/topology";
import { ownedTables } from "../../evidence/text/nft/owned";
import { parseRules, type RouterRules } from "../../evidence/text/rules";
import { deletionOf } from "../remedies/deletion";
import { ports as portWords } from "../words";
import { acceptLines, attachLines, nftPorts, translationLines } from "../remedies/nft-lines";

/** What a rule asks of a new connection; links are the node's own interfaces. */
export type Asked = {
  readonly in?: string;
  readonly out?: string;
  readonly source?: string;
  readonly destination?: string;
  readonly ports: PortRange;
};

/** Speaks to one node. */
export type Speaker = {
  readonly accept: (chain: "FORWARD" | "INPUT", asked: Asked) => readonly string[];
  readonly acceptRelated: () => readonly string[];
  /** Lets what belongs to an open connection pass given chains. */
  readonly acceptEstablished: (...chains: readonly ("INPUT" | "OUTPUT" | "FORWARD")[]) => readonly string[];
  readonly forwardTo: (asked: Asked, to: string) => readonly string[];
  readonly sourceTo: (
    out: string,
    asked: Pick<Asked, "source" | "destination">,
    to: string | null,
  ) => readonly string[];
  readonly attachHelper: (port: number) => readonly string[];
  /** Takes rules away, as they are written. */
  readonly remove: (table: string, rules: readonly string[]) => readonly string[];
};

export function speakerFor(topology: Topology, node: TopologyNode): Speaker {
  const family = familyOf(topology, node.id);
  const rules = node.kind === "translator" ? undefined : node.userRules;
  if (rules?.format === "nftables") return nftSpeaker(parseRules(rules.text, family), ownedTables(rules.text));
  return iptablesSpeaker(family === "ipv6" ? "ip6tables" : "iptables");
}

function iptablesSpeaker(command: string): Speaker {
  const match = ({ in: from, out, source, destination, ports }: Asked): string =>
    [
      ...(from === undefined ? [] : [`-i ${from}`]),
      ...(out === undefined ? [] : [`-o ${out}`]),
      ...(source === undefined ? [] : [`-s ${source}`]),
      ...(destination === undefined ? [] : [`-d ${destination}`]),
      `-p tcp --dport ${portWords(ports)}`,
    ].join(" ");
  return {
    accept: (chain, asked) => [`${command} -I ${chain} ${match(asked)} -m conntrack --ctstate NEW -j ACCEPT`],
    acceptRelated: () => [`${command} -I FORWARD -p tcp -m conntrack --ctstate RELATED -j ACCEPT`],
    acceptEstablished: (...chains) =>
      chains.map((chain) => `${command} -I ${chain} -p tcp -m conntrack --ctstate ESTABLISHED -j ACCEPT`),
    forwardTo: (asked, to) => [`${command} -t nat -I PREROUTING ${match(asked)} -j DNAT --to-destination ${to}`],
    sourceTo: (out, { source, destination }, to) => {
      const from = source === undefined ? "" : ` -s ${source}`;
      const towards = `${from}${destination === undefined ? "" : ` -d ${destination}`}`;
      const target = to === null ? "MASQUERADE" : `SNAT --to-source ${to}`;
      return [`${command} -t nat -I POSTROUTING -o ${out}${towards} -p tcp -j ${target}`];
    },
    attachHelper: (port) => [
      "modprobe nf_conntrack_ftp",
      ...(command === "ip6tables" ? [] : ["modprobe nf_nat_ftp"]),
      `${command} -t raw -I PREROUTING -p tcp --dport ${port} -j CT --helper ftp`,
    ],
    remove: (table, rules) => {
      const lines = rules.map((rule) => deletionOf(command, table, rule)).filter((line) => line !== null);
      return lines.length === rules.length ? lines : [];
    },
  };
}

function nftSpeaker(rules: RouterRules, owned: ReadonlySet<string>): Speaker {
  const view = { rules };
  // All of a hook translate, so that a table beside the one that nobody may change will do.
  const nftChains = rules.nftChains.filter(({ family, table }) => !owned.has(`${family} ${table}`));
  const free = { rules: { ...rules, nftChains } };
  const matchOf = ({ in: inLink, out: outLink, destination, ports }: Asked): Parameters<typeof acceptLines>[1] => ({
    ...{ inLink: inLink ?? null, outLink: outLink ?? null, destination: destination ?? null, ports: nftPorts(ports) },
  });
  const from = ({ source }: Asked): string =>
    source === undefined ? "" : `${source.includes(":") ? "ip6" : "ip"} saddr ${source} `;
  return {
    accept: (chain, asked) =>
      acceptLines(view, matchOf(asked), `${from(asked)}ct state new`, ["prerouting", chain.toLowerCase()]),
    acceptRelated: () => acceptLines(view, {}, "meta l4proto tcp ct state related"),
    acceptEstablished: (...chains) =>
      chains.flatMap((chain) => acceptLines(view, {}, "meta l4proto tcp ct state established", [chain.toLowerCase()])),
    forwardTo: (asked, to) => translationLines(free, "prerouting", matchOf(asked), { verb: "dnat", to }),
    sourceTo: (out, { source, destination }, to) =>
      translationLines(
        free,
        "postrouting",
        { outLink: out, source: source ?? null, destination: destination ?? null, isTcp: true },
        to === null ? { verb: "masquerade", to: null } : { verb: "snat", to },
      ),
    attachHelper: (port) => ["modprobe nf_conntrack_ftp", "modprobe nf_nat_ftp", ...attachLines(port)],
    // Handles are not known before the rules are loaded.
    remove: () => [],
  };
}
