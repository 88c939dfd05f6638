/** Chains that let the kernel tell a packet's whole way through a node. They change no verdict. */
import { marksTable, type MarkedHookPlace } from "../evidence/text/trace-marks";
import { attachmentsOf, familyOf } from "../model/network";
import type { Topology } from "../model/topology";

/** Before and behind all that rules may choose; equal priorities: what comes later to the hook stands first (nf_hook_entries_grow). */
const first = -2_147_483_647;
const last = 2_147_483_647;

/**
 * Shell that lays them in the network namespace it runs in, where they are not there yet. TCP packets are traced from the hook where
 * they come in or are made, and marked on their way into hooks and out of them: all that begin or end a connection, and of each flow
 * the first others and then some each second. What TCP sends again because it was lost comes more slowly than that.
 */
export function marksScript(topology: Topology, node: string): string {
  const family = familyOf(topology, node) === "ipv6" ? "ip6" : "ip";
  const links = attachmentsOf(topology, node).map((attachment) => attachment.interface);
  return [
    `nft list table ${family} ${marksTable} >/dev/null 2>&1 || nft -f - <<'END_OF_MARKS'`,
    marks(family),
    "END_OF_MARKS",
    // Not every kernel has egress; without it, what connection tracking drops behind all hooks counts as sent.
    `nft list table netdev ${marksTable} >/dev/null 2>&1 || nft -f - 2>/dev/null <<'END_OF_MARKS' || true`,
    sends(links),
    "END_OF_MARKS",
  ].join("\n");
}

/** Where each hook is marked. Between forward or output and postrouting nothing happens to a packet. */
const chains: readonly MarkedHookPlace[] = [
  "enter prerouting",
  "leave prerouting",
  "enter input",
  "leave input",
  "enter forward",
  "enter output",
  "enter postrouting",
  "leave postrouting",
];

function marks(family: "ip" | "ip6"): string {
  const address = family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const flow = `${family} saddr . ${family} daddr . tcp sport . tcp dport`;
  // Accepted at once: each rule that is met costs an event more.
  const begin = [
    "    tcp flags & (fin | syn | rst) != 0 meta nftrace set 1 accept",
    `    meta l4proto tcp update @flows { ${flow} limit rate 20/second burst 40 packets } meta nftrace set 1 accept`,
  ];
  return [
    `table ${family} ${marksTable} {`,
    "  set flows {",
    `    type ${address} . ${address} . inet_service . inet_service; flags dynamic, timeout; timeout 1m; size 65535;`,
    "  }",
    ...chains.flatMap((place) => {
      const [way, hook] = place.split(" ") as [string, string];
      const begins = place === "enter prerouting" || place === "enter output";
      return chain(`${way}_${hook}`, `${hook} priority ${way === "enter" ? first : last}`, begins ? begin : []);
    }),
    "}",
  ].join("\n");
}

/** Behind everything else that a packet meets: connection tracking and its helpers come last in postrouting. */
function sends(links: readonly string[]): string {
  const chains = links.flatMap((link, index) => chain(`send_${index}`, `egress device "${link}" priority 0`));
  return [`table netdev ${marksTable} {`, ...chains, "}"].join("\n");
}

function chain(name: string, hook: string, rules: readonly string[] = []): readonly string[] {
  return [`  chain ${name} {`, `    type filter hook ${hook}; policy accept;`, ...rules, "  }"];
}
