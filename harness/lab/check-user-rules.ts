import { describeError, UsageError } from "../model/errors";
import type { Topology, UserRules } from "../model/topology";
import { attachmentsOf, ownRulesOf } from "../model/network";
import { ownRuleset } from "../plan/ruleset";
import { rulesFilesOf } from "../plan/user-rules";
import type { LabSite } from "./lab-site";
import { makeLabels } from "./labels";
import { removeNode, startNode } from "./node-container";
import { NodeShell } from "./node-shell";
import { userRulesScript, userRulesPath } from "./user-rules-script";

/**
 * Loads a user's own rules of every router and host in a container that is no lab's, so that what is wrong with them is known before any cell runs.
 * @throws UsageError in the words of iptables-restore or nft, with their line.
 */
export async function checkUserRules({ engine, images, run }: LabSite, topologies: readonly Topology[]): Promise<void> {
  const all = topologies.flatMap((topology) =>
    ownRulesOf(topology).map(({ node, rules }) => ({ topology, id: node, rules })),
  );
  if (all.length === 0) return;
  const node = await startNode(engine, {
    name: `ftp-nat-matrix-${run}-rules`,
    image: images.router,
    labels: makeLabels({ run, role: "router" }),
    capabilities: ["NET_ADMIN", "NET_RAW"],
    sysctls: { "net.ipv6.conf.all.disable_ipv6": "0" },
    hosts: [],
    panel: false,
  });
  try {
    const shell = await NodeShell.open(engine, node.containerId, "rules");
    for (const { topology, id, rules } of all) {
      const names = attachmentsOf(topology, id).map((attachment) => attachment.interface);
      const script = userRulesScript(topology, id, ownRuleset(topology, id, rules));
      await shell.run("rules", [...emptyNetwork, ...names.map(standIn), script].join("\n")).catch((cause: unknown) => {
        const said = describeError(cause).message.replace(/^.*?status \d+: /s, "");
        throw new UsageError(complaintOf(said, rules), {
          code: "rules-refused",
          hint: hintFor(said, id, names),
          cause,
        });
      });
    }
    shell.close();
  } finally {
    await removeNode(engine, node);
  }
}

/** What to do about it: only where an interface is the trouble, those of the node are of use. */
export function hintFor(said: string, node: string, interfaces: readonly string[]): string {
  const isSyntax = /syntax error|unexpected|unknown option|bad argument|bad rule/i.test(said);
  return isSyntax
    ? "Correct the line. `nft -c -f FILE` and `iptables-restore --test FILE` check a file without loading it."
    : `The interfaces of ${node} are ${interfaces.join(", ")}.`;
}

/** What an earlier node's rules left; some interfaces belong to the kernel and stay. */
const emptyNetwork = [
  "nft flush ruleset",
  "for one in /sys/class/net/*; do ip link del ${one##*/} 2>/dev/null || true; done",
];

/** nft looks up the interfaces that `iif` and flowtables name. A bridge will do: where Docker runs there are bridges. */
function standIn(name: string): string {
  return `ip link add name ${name} type bridge`;
}

/** The programs' words, with the user's file instead of the lab's. */
function complaintOf(said: string, rules: UserRules): string {
  const files = rulesFilesOf(rules).map(({ file }) => file);
  const words = files.reduce((text, file, index) => text.replaceAll(userRulesPath(index), file), said);
  return files.some((file) => words.startsWith(file)) ? words : `${files.join(", ")}: ${words}`;
}
