/** Chains that let the kernel tell a packet's whole way through a node. They change no verdict. */
import { markedHooks, marksTable } from "../evidence/text/trace-marks";
import { attachmentsOf, familyOf } from "../model/network";
import type { Topology } from "../model/topology";

/** Before and behind all that rules may choose; equal priorities: what comes later to the hook stands first (nf_hook_entries_grow). */
const first = -2_147_483_647;
const last = 2_147_483_647;

/**
 * Shell that lays them in the network namespace it runs in, where they are not there yet. Every TCP packet is traced from the hook
 * where it comes in or is made, and marked on its way into each hook and out of it.
 */
export function marksScript(topology: Topology, node: string): string {
  const family = familyOf(topology, node) === "ipv6" ? "ip6" : "ip";
  const links = attachmentsOf(topology, node).map(({ link }) => link.id);
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

function marks(family: "ip" | "ip6"): string {
  const begin = ["    meta l4proto tcp meta nftrace set 1"];
  return [
    `table ${family} ${marksTable} {`,
    ...markedHooks.flatMap((hook) => [
      ...chain(`enter_${hook}`, `${hook} priority ${first}`, hook === "prerouting" || hook === "output" ? begin : []),
      ...chain(`leave_${hook}`, `${hook} priority ${last}`),
    ]),
    "}",
  ].join("\n");
}

/** Behind everything else that a packet meets: connection tracking and its helpers come last in postrouting. */
function sends(links: readonly string[]): string {
  const chains = links.flatMap((link) =>
    chain(`send_${link.replaceAll("-", "_")}`, `egress device "${link}" priority 0`),
  );
  return [`table netdev ${marksTable} {`, ...chains, "}"].join("\n");
}

function chain(name: string, hook: string, rules: readonly string[] = []): readonly string[] {
  return [`  chain ${name} {`, `    type filter hook ${hook}; policy accept;`, ...rules, "  }"];
}
