import { describeError, UsageError } from "../model/errors";
import type { RouterNode, Topology } from "../model/topology";
import { routersOf } from "../model/network";
import type { LabSite } from "./lab-site";
import { makeLabels } from "./labels";
import { removeNode, startNode } from "./node-container";
import { NodeShell } from "./node-shell";
import { userRulesScript, userRulesPath } from "./user-rules-script";

/**
 * Loads every router's own rules in a container that is no lab's, so that what is wrong with them is known before any cell runs.
 * @throws UsageError in the words of iptables-restore or nft, with their line.
 */
export async function checkUserRules({ engine, images, run }: LabSite, topologies: readonly Topology[]): Promise<void> {
  const all = topologies.flatMap((topology) =>
    routersOf(topology).flatMap((router) => (router.userRules === undefined ? [] : [{ topology, router }])),
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
    for (const { topology, router } of all) {
      const file = router.userRules?.file ?? "";
      const hint = `The interfaces of ${router.id} are ${linksOf(topology, router).join(", ")}.`;
      await shell.run("rules", `nft flush ruleset\n${userRulesScript(topology, router)}`).catch((cause: unknown) => {
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

function linksOf({ links }: Topology, { id }: RouterNode): readonly string[] {
  return links.flatMap((link) => (link.ends.some(({ node }) => node === id) ? link.id : []));
}
