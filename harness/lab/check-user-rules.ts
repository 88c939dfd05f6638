import { describeError, UsageError } from "../model/errors";
import type { Topology } from "../model/topology";
import { attachmentsOf, ownRulesOf } from "../model/network";
import { ownRuleset } from "../plan/ruleset";
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
    files: [],
    panel: false,
  });
  try {
    const shell = await NodeShell.open(engine, node.containerId, "rules");
    for (const { topology, id, rules } of all) {
      const { file } = rules;
      const links = attachmentsOf(topology, id).map(({ link }) => link.id);
      const hint = `The interfaces of ${id} are ${links.join(", ")}.`;
      const script = userRulesScript(topology, id, ownRuleset(topology, id, rules));
      await shell.run("rules", `nft flush ruleset\n${script}`).catch((cause: unknown) => {
        const said = describeError(cause).message.replace(/^.*?status \d+: /s, "");
        const words = said.replaceAll(userRulesPath, file);
        const message = words.startsWith(file) ? words : `${file}: ${words}`;
        throw new UsageError(message, { code: "rules-refused", hint, cause });
      });
    }
    shell.close();
  } finally {
    await removeNode(engine, node);
  }
}
