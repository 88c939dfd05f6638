import { NetworkCatalog } from "../../../harness/catalog/conditions/network-catalog";
import { renderNativeRules } from "../../../harness/plan/native-rules";
import { clientOf, hostsOf, routersOf, serverOf } from "../../../harness/model/network";
import { planLab } from "../../../harness/plan/lab-plan";
import { renderPasswordFile, renderProftpdConf } from "../../../harness/catalog/servers/proftpd-conf";
import { renderHostRuleset, renderRuleset } from "../../../harness/plan/ruleset";
import { planWiring, wiringScript } from "../../../harness/plan/wiring";
import type { ServerProfile } from "../../../harness/model/server-profile";
import type { Topology } from "../../../harness/model/topology";
import { softwareNamed } from "../../../harness/catalog/servers/registry";
import { describeGolden } from "../../support/golden";
import { profiles, topologies, topologyNamed } from "../../support/inputs";

const networks = new NetworkCatalog(topologies);

/** Networks in which something is true that changes rules or wires. */
const conditioned = [
  "client-nat-helper+helper-nft",
  "firewall+reject-icmp+idle-timeout-1s",
  "ipv6-firewall-helper+reject+mtu-1280-silent",
  "server-nat-helper+helper-227-only+port-2121-helper",
  "server-nat+iptables-legacy+loss-2pct+rate-1mbit+delay-100ms",
  "direct+port-2121+client-firewall+server-firewall",
  "ipv6-firewall+server-firewall",
].flatMap((id) => networks.get(id) ?? []);

describeGolden(
  "what a host with a firewall is given",
  "plan/host-rulesets",
  new Map(
    conditioned.flatMap((topology) =>
      hostsOf(topology).flatMap((host): [string, () => string][] => {
        const ruleset = renderHostRuleset(topology, host);
        return ruleset === null
          ? []
          : [[`${topology.id}--${host.id}.txt`, () => `$ ${ruleset.command}\n${ruleset.text}`]];
      }),
    ),
  ),
);

describeGolden(
  "what a router is given",
  "plan/rulesets",
  new Map(
    [...topologies, ...conditioned].flatMap((topology) =>
      routersOf(topology).map((router): [string, () => string] => [
        `${topology.id}--${router.id}.txt`,
        () => {
          const { command, text } = renderRuleset(topology, router);
          const native = renderNativeRules(topology, router);
          return `$ ${command}\n${text}${native === null ? "" : `$ nft -f -\n${native}`}`;
        },
      ]),
    ),
  ),
);

/** Another release is given the same. */
const ours = profiles.filter(({ software, release }) => software === "proftpd" && release === "trixie");

describeGolden(
  "what ProFTPD is given",
  "plan/proftpd-conf",
  new Map([
    ...["server-nat-range", "ipv6-firewall-helper"]
      .map(topologyNamed)
      .flatMap((topology) =>
        ours.map((profile): [string, () => string] => [
          `${topology.id}--${profile.id}.txt`,
          () => renderProftpdConf(topology, serverOf(topology), profile),
        ]),
      ),
    ["AuthUserFile.txt", passwordFileShortened],
  ]),
);

describeGolden(
  "what other servers are given",
  "plan/servers",
  new Map(
    ["server-nat-range", "ipv6-firewall-helper"].map(topologyNamed).flatMap((topology) =>
      profiles
        .filter(({ software }) => software !== "proftpd")
        .map((profile): [string, () => string] => [
          `${topology.id}--${profile.id}.txt`,
          // Without the lab's 512 accounts, which pyftpdlib's file has too.
          () => configurationOf(topology, profile).replace(/("lab0",).*"lab511"/s, '$1 ... "lab511"'),
        ]),
    ),
  ),
);

function configurationOf(topology: Topology, profile: ServerProfile): string {
  const [configuration] = softwareNamed(profile.software).files({ topology, server: serverOf(topology), profile });
  return configuration.text;
}

/** The names differ in their number only: of those between the first and the last only the count stands in the file. */
function passwordFileShortened(): string {
  const lines = renderPasswordFile().trimEnd().split("\n");
  const [first = "", last = ""] = [lines[0], lines.at(-1)];
  return `${first}\n# ${lines.length - 2} lines are left out here\n${last}\n`;
}

/** Process ids as the engine would tell them, by the order of the nodes. */
function fakePids(topology: Topology): ReadonlyMap<string, number> {
  return new Map(topology.nodes.map((node, index) => [node.id, 1001 + index]));
}

/** The client's addresses fill pages: of those between the first and the last only the count stands in the file. */
function shortened(script: string, clientLink: string): string {
  const lines = script.split("\n");
  const isClientAddress = (line: string | undefined): boolean =>
    line !== undefined && line.startsWith("addr add ") && line.includes(` dev ${clientLink}`);
  const kept = lines.filter(
    (line, index) => !isClientAddress(line) || !isClientAddress(lines[index - 1]) || !isClientAddress(lines[index + 1]),
  );
  return `${kept.join("\n")}\n# ${lines.length - kept.length} addresses between the client's first and last are left out here\n`;
}

describeGolden(
  "what the patch panel runs",
  "plan/wiring",
  new Map(
    [...["direct", "double-nat-helper", "ipv6-firewall"].map(topologyNamed), ...conditioned].map(
      (topology): [string, () => string] => {
        const client = clientOf(topology);
        const link = topology.links.find(({ ends }) => ends.some((end) => end.node === client.id));
        return [
          `${topology.id}.txt`,
          () => shortened(wiringScript(planWiring(topology), fakePids(topology)), link?.id ?? ""),
        ];
      },
    ),
  ),
);

describeGolden(
  "what the nodes' containers are given",
  "plan/lab-plans",
  new Map(
    ["direct", "double-nat-helper", "ipv6-firewall-helper"]
      .map(topologyNamed)
      .map((topology): [string, () => string] => [
        `${topology.id}.json.txt`,
        () => `${JSON.stringify(planLab(topology), null, 2)}\n`,
      ]),
  ),
);
