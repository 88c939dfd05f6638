import { connectEngine, type Engine } from "../../harness/lab/engine";
import { coreImages } from "../../harness/lab/image-definitions";
import { makeLabels } from "../../harness/lab/labels";
import { NodeShell } from "../../harness/lab/node-shell";
import { imagesOf } from "../../harness/lab/site-images";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { familyOf, routersOf } from "../../harness/model/network";
import { parseRules } from "../../harness/evidence/text/rules";
import { renderRuleset } from "../../harness/plan/ruleset";
import { topologies } from "../support/inputs";
import { ruleWords, type RuleWords } from "../support/rule-words";

jest.setTimeout(240_000);

/** Rules in iptables' words, loaded as they are and in nft's translation, and what each program tells of them then. */
async function toldOf(
  shell: NodeShell,
  text: string,
  family: "ipv4" | "ipv6",
): Promise<readonly [string, string, string]> {
  const program = family === "ipv6" ? "ip6tables" : "iptables";
  const told = await shell.run(
    "rules",
    [
      "set -e; nft flush ruleset",
      `cat > /run/saved <<'END_OF_RULES'\n${text}END_OF_RULES`,
      `${program}-restore /run/saved; ${program}-save -c; echo "=== saved"; nft flush ruleset`,
      `${program}-restore-translate -f /run/saved > /run/translated`,
      'nft -f /run/translated; nft -j list ruleset; echo; echo "=== json"; nft -a list ruleset; nft flush ruleset',
    ].join("\n"),
  );
  const [saved = "", rest = ""] = told.split("=== saved\n");
  const [json = "", list = ""] = rest.split("=== json\n");
  return [saved, json, list];
}

/** iptables' program cannot translate the CT target. */
function withoutHelpers({
  destinationNats,
  sourceNats,
  forward,
  input,
  related,
}: RuleWords): Omit<RuleWords, "helpers"> {
  return { destinationNats, sourceNats, forward, input, related };
}

async function inRouter<T>(engine: Engine, use: (shell: NodeShell) => Promise<T>): Promise<T> {
  await prepareTestcontainers(engine);
  const images = await imagesOf(engine, coreImages, () => undefined, new AbortController().signal);
  // Testcontainers reads its environment when it is loaded.
  const { removeNode, startNode } = await import("../../harness/lab/node-container.ts");
  const run = `nft-rules-${process.pid}`;
  const node = await startNode(engine, {
    name: `ftp-nat-matrix-${run}`,
    image: images.router,
    labels: makeLabels({ run, role: "router" }),
    capabilities: ["NET_ADMIN", "NET_RAW"],
    sysctls: { "net.ipv6.conf.all.disable_ipv6": "0" },
    hosts: [],
    panel: false,
  });
  try {
    const shell = await NodeShell.open(engine, node.containerId, "rules");
    const value = await use(shell);
    shell.close();
    return value;
  } finally {
    await removeNode(engine, node);
  }
}

test("each network's rules say the same in iptables' words and in nft's", async () => {
  const compared = await inRouter(await connectEngine(), async (shell) => {
    let count = 0;
    for (const topology of topologies) {
      for (const router of routersOf(topology)) {
        // nft has no words for a range that is forwarded to another one, port by port.
        if (router.portForwards.some(({ toFirstPort }) => toFirstPort !== undefined)) continue;
        const family = familyOf(topology, router.id);
        const [saved, json, list] = await toldOf(shell, renderRuleset(topology, router).text, family);
        const wanted = withoutHelpers(ruleWords(parseRules(saved, family)));
        const where = `${topology.id}: ${router.id}`;
        expect({ where, ...withoutHelpers(ruleWords(parseRules(json, family))) }).toEqual({ where, ...wanted });
        expect({ where, ...withoutHelpers(ruleWords(parseRules(list, family))) }).toEqual({ where, ...wanted });
        count += 1;
      }
    }
    return count;
  });
  expect(compared).toBeGreaterThan(30);
});
