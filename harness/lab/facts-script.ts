import type { NodeFactsTexts } from "../evidence/text/node-facts";

/** A node, and the process id by which its network namespace is entered. */
export type FactsPlace = { readonly node: string; readonly pid: number };

/** Stands between the texts of a node and between nodes; no file of the kernel holds it. */
const separator = "--ftp-nat-matrix--";

/** Of each link, and of `all` and `default`. */
const linkSysctls = [
  "rp_filter",
  "forwarding",
  "accept_local",
  "src_valid_mark",
  "route_localnet",
  "arp_ignore",
  "disable_ipv6",
];

const tcpSysctls = [
  "tcp_base_mss",
  "tcp_ecn",
  "tcp_fin_timeout",
  "tcp_keepalive_time",
  "tcp_max_syn_backlog",
  "tcp_min_snd_mss",
  "tcp_mtu_probing",
  "tcp_retries1",
  "tcp_retries2",
  "tcp_syn_retries",
  "tcp_synack_retries",
  "tcp_syncookies",
  "tcp_timestamps",
  "tcp_window_scaling",
];

const commands: readonly (readonly [key: Exclude<keyof NodeFactsTexts, "node">, command: string])[] = [
  ["routes", "ip -4 route show table all; ip -6 route show table all"],
  ["rules", "ip -4 rule; ip -6 rule"],
  [
    "sysctls",
    [
      "grep -sH ''",
      ...linkSysctls.map((name) => `/proc/sys/net/ipv[46]/conf/*/${name}`),
      "/proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_default_ttl",
      "/proc/sys/net/ipv4/icmp_echo_ignore_all /proc/sys/net/ipv4/ip_no_pmtu_disc ",
      ...tcpSysctls.map((name) => `/proc/sys/net/ipv4/${name}`),
      "/proc/sys/net/netfilter/nf_conntrack_{helper,max,count,expect_max,checksum,tcp_*}",
    ].join(" "),
  ],
  ["pairs", "cat /proc/net/snmp /proc/net/netstat"],
  ["snmp6", "cat /proc/net/snmp6"],
  ["conntrack", "cat /proc/net/stat/nf_conntrack"],
];

/** Shell for the patch panel that prints what `factsTexts` reads. What a kernel does not have is left out. */
export function factsScript(places: readonly FactsPlace[]): string {
  const inside = commands.map(([, command]) => `{ ${command}; } 2>/dev/null; echo ${separator}`).join("\n");
  return places.map(({ pid }) => `nsenter -t ${pid} -n bash <<'END_OF_FACTS'\n${inside}\nEND_OF_FACTS`).join("\n");
}

/** What the script printed, node by node. */
export function factsTexts(places: readonly FactsPlace[], output: string): readonly NodeFactsTexts[] {
  const parts = output.split(`${separator}\n`);
  return places.map(({ node }, place) => {
    const part = (key: (typeof commands)[number][0]): string =>
      parts[place * commands.length + commands.findIndex(([name]) => name === key)]?.replace(separator, "") ?? "";
    return {
      node,
      routes: part("routes"),
      rules: part("rules"),
      sysctls: part("sysctls"),
      pairs: part("pairs"),
      snmp6: part("snmp6"),
      conntrack: part("conntrack"),
    };
  });
}
