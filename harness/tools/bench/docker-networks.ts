import type { Container, Network } from "dockerode";
import { AgentConnection } from "../../lab/agent-connection";
import { FtpServer } from "../../lab/ftp-server";
import type { LabSite } from "../../lab/lab-site";
import { makeLabels } from "../../lab/labels";
import { NodeShell } from "../../lab/node-shell";
import type { Attempt, PlannedCell } from "../../model/cell";
import { resolveClient } from "../../catalog/clients/registry";
import type { ServerProfile } from "../../model/server-profile";
import type { RouterNode, Topology } from "../../model/topology";
import { planLab, type NodePlan } from "../../plan/lab-plan";
import { addressOf, attachmentsOf, clientOf, nodeOf, routersOf, serverOf } from "../../model/network";
import { renderRuleset } from "../../plan/ruleset";
import { account } from "../../model/ftp-site";
import { sessionRequest } from "../../run/session-request";
import { verifyTransfers } from "../../run/verify";

/**
 * Runs one IPv4 cell the usual way: containers on Docker networks, one network for each link, built and removed for this
 * cell alone. It is what the bench compares with, and no lab to trust: bridges and the engine's own rules are in the way.
 */
export async function runOnDockerNetworks(
  site: LabSite,
  { cell }: PlannedCell,
  topology: Topology,
  profile: ServerProfile,
): Promise<Attempt> {
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`no client ${cell.client}`);
  const lab = new NetworkLab(site, topology);
  try {
    const { server, agent } = await lab.start(profile);
    const request = sessionRequest(cell, {
      topology,
      options: client.options,
      files: server.files,
      ca: (await site.supplies).certificates.ca,
      localAddress: addressOf(topology, clientOf(topology).id),
      user: `${account.userPrefix}1`,
      sessionId: "bench",
    });
    const attempt = await agent.runSession(request, () => undefined);
    return await verifyTransfers(attempt, request, server);
  } finally {
    await lab.stop();
  }
}

class NetworkLab {
  readonly #site: LabSite;
  readonly #topology: Topology;
  readonly #networks = new Map<string, Network>();
  readonly #containers = new Map<string, Container>();

  constructor(site: LabSite, topology: Topology) {
    this.#site = site;
    this.#topology = topology;
  }

  async start(profile: ServerProfile): Promise<{ readonly server: FtpServer; readonly agent: AgentConnection }> {
    const topology = this.#topology;
    for (const link of topology.links) await this.#createNetwork(link.id, link.subnet);
    await Promise.all(planLab(topology).map((plan) => this.#startContainer(plan)));
    const shells = await Promise.all(
      topology.nodes.map(async (node) => {
        const shell = await this.#shell(node.id);
        if (node.gateway !== null) await shell.run("wiring", `ip route replace default via ${node.gateway}`);
        return [node.id, shell] as const;
      }),
    );
    const shellOf = new Map(shells);
    for (const router of routersOf(topology)) await this.#applyRules(router, shellOf.get(router.id));
    const { certificates, clientFiles } = await this.#site.supplies;
    const node = serverOf(topology);
    const spec = { topology, node, certificates, archive: null };
    const server = await FtpServer.prepare(required(shellOf.get(node.id)), spec);
    await server.serve(profile);
    const agent = await AgentConnection.open(
      this.#site.engine,
      required(this.#containers.get(clientOf(topology).id)).id,
      clientFiles,
    );
    return { server, agent };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#containers.values()].map((container) => container.remove({ force: true, v: true })));
    for (const network of this.#networks.values()) await network.remove();
  }

  async #createNetwork(link: string, subnet: string): Promise<void> {
    // The bridge itself needs an address in the subnet, and must not take the router's.
    const gateway = subnet.replace(/\.\d+\/\d+$/, ".254");
    const network = await this.#site.engine.docker.createNetwork({
      Name: `ftp-nat-matrix-bench-${this.#site.run}-${link}`,
      Labels: makeLabels({ run: this.#site.run, topology: this.#topology.id }),
      // Where br_netfilter is loaded, the engine's own masquerading would rewrite what the router forwards.
      Options: { "com.docker.network.bridge.enable_ip_masquerade": "false" },
      IPAM: { Driver: "default", Config: [{ Subnet: subnet, Gateway: gateway }] },
    });
    this.#networks.set(link, network);
  }

  async #startContainer(plan: NodePlan): Promise<void> {
    const { engine, images, run } = this.#site;
    const [first, ...others] = attachmentsOf(this.#topology, plan.node).map(({ link, address }) => ({
      network: required(this.#networks.get(link.id)),
      config: { IPAMConfig: { IPv4Address: address } },
    }));
    if (first === undefined) throw new Error(`node ${plan.node} is on no link`);
    const container = await engine.docker.createContainer({
      Image: images[plan.role],
      Cmd: ["sleep", "300"],
      Labels: makeLabels({ run, topology: this.#topology.id, node: plan.node, role: plan.role }),
      HostConfig: {
        NetworkMode: first.network.id,
        CapAdd: ["NET_ADMIN", "NET_RAW"],
        Sysctls: { ...plan.sysctls },
        Dns: ["127.0.0.1"],
        ExtraHosts: plan.hosts.map(({ host, ipAddress }) => `${host}:${ipAddress}`),
      },
      NetworkingConfig: { EndpointsConfig: { [first.network.id]: first.config } },
    });
    this.#containers.set(plan.node, container);
    for (const { network, config } of others) {
      await network.connect({ Container: container.id, EndpointConfig: config });
    }
    await container.start();
  }

  /** Docker numbers the interfaces; the rules are written for links. */
  async #applyRules(router: RouterNode, shell: NodeShell | undefined): Promise<void> {
    const { command, text } = renderRuleset(this.#topology, router);
    const names = attachmentsOf(this.#topology, router.id).map(
      ({ link, address }) =>
        `-e "s/-\\([io]\\) ${link.id} /-\\1 $(ip -o addr | awk '/ ${address.replaceAll(".", "\\.")}\\//{print $2}') /"`,
    );
    await required(shell).run("rules", `sed ${names.join(" ")} <<'END_OF_RULES' | ${command}\n${text}END_OF_RULES`);
  }

  #shell(node: string): Promise<NodeShell> {
    return NodeShell.open(this.#site.engine, required(this.#containers.get(node)).id, nodeOf(this.#topology, node).id);
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a part of the bench's lab is missing");
  return value;
}
