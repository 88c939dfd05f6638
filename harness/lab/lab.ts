import type { ProbeOutcome, ProgramRequest, SessionRequest } from "../model/agent-protocol";
import type { ProgramOutcome } from "../model/program";
import type { Attempt } from "../model/cell";
import type { RouterNode, Topology, TopologyNode } from "../model/topology";
import { addressOf, clientOf, routersOf, serversOf } from "../model/network";
import { planLab, type NodePlan } from "../plan/lab-plan";
import { renderNativeRules } from "../plan/native-rules";
import { renderRuleset } from "../plan/ruleset";
import { translatorOf, translatorScript, translatorSysctls } from "../plan/translator";
import { AgentConnection, agentPath, keyLogPath } from "./agent-connection";
import type { Engine } from "./engine";
import type { ImageName, SiteImages } from "./image-definitions";
import { makeLabels } from "./labels";
import { removeContainer, startNode, type LabNode, type NodeFile, type NodeSpec } from "./node-container";
import { NodeShell } from "./node-shell";
import { userRulesScript } from "./user-rules-script";
import { ServerGroup } from "./server-group";
import { PacketCapture } from "./packet-capture";
import type { PatchPanel } from "./patch-panel";
import { labId, type HostImages } from "../plan/labs";
import { clientCaPath, nodeClientPath } from "../model/ftp-site";
import { softwareIn } from "../catalog/servers/registry";
import type { SiteCertificates } from "./site-certificates";

/** What labs of one run share. */
export type LabSite = {
  readonly engine: Engine;
  readonly run: string;
  readonly images: SiteImages;
  readonly panel: Promise<PatchPanel>;
  readonly supplies: Promise<SiteSupplies>;
};

/** What is put into the nodes of every lab. */
export type SiteSupplies = {
  readonly certificates: SiteCertificates;
  /** JavaScript text of the client agent. */
  readonly agentBundle: string;
  /** JavaScript texts of the clients that are scripts for Node. */
  readonly nodeClientBundles: Readonly<Record<string, string>>;
};

/** What is most often missing where a kernel refuses the rules of a router that follows FTP. */
const helperHint = "Load the kernel's FTP helpers: `sudo modprobe -a nf_conntrack_ftp nf_nat_ftp`.";

export const coreHosts: HostImages = { client: "client", server: "server" };

/** A running network: client, routers and servers, wired and filtered as the topology says. */
export class Lab {
  /** See `labId`. */
  readonly id: string;
  readonly topology: Topology;
  readonly site: LabSite;
  readonly certificates: SiteCertificates;
  readonly server: ServerGroup;
  readonly #nodes: ReadonlyMap<string, LabNode>;
  readonly #routers: ReadonlyMap<string, NodeShell>;
  readonly #serverShells: readonly [NodeShell, ...NodeShell[]];
  readonly #agent: AgentConnection;
  readonly #captures: PacketCapture[] = [];
  /** Made when the first program runs. */
  #programUsers: Promise<void> | null = null;
  /** Opened when it is first needed. */
  #clientShell: Promise<NodeShell> | null = null;
  #probes = 0;

  private constructor(parts: LabParts) {
    this.id = parts.id;
    this.topology = parts.topology;
    this.site = parts.site;
    this.certificates = parts.certificates;
    this.server = parts.server;
    this.#nodes = parts.nodes;
    this.#routers = parts.routers;
    this.#serverShells = parts.serverShells;
    this.#agent = parts.agent;
  }

  /**
   * Brings a topology up: containers, wires, rules, files and the client agent; the FTP server is started by `server.serve`.
   * @throws LabError; whatever had been started is gone then.
   */
  static async start(site: LabSite, topology: Topology, hosts: HostImages = coreHosts): Promise<Lab> {
    const id = labId(topology.id, hosts);
    const nodes = new Map<string, LabNode>();
    const starting = startNodes({ id, site, topology, hosts }, nodes);
    try {
      const shell = async (node: string): Promise<NodeShell> =>
        NodeShell.open(site.engine, (await startedIn(starting, node)).containerId, `${id}/${node}`);
      const all = Promise.all(starting.values());
      // Each node goes on as soon as it is there; the wires need them all.
      const [, [firstShell, ...otherShells], agent, routers] = await settled([
        all,
        Promise.all(serversOf(topology).map(({ id }) => shell(id))),
        openAgent(site, startedIn(starting, clientOf(topology).id)),
        Promise.all(routersOf(topology).map(async (router) => [router.id, await shell(router.id)] as const)),
        Promise.all([site.panel, all]).then(([panel]) => panel.wire(topology, pidsOf(nodes))),
      ] as const);
      if (firstShell === undefined) throw new Error(`${id}: no shell on a server`);
      const serverShells = [firstShell, ...otherShells] as const;
      const { certificates } = await site.supplies;
      const server = await ServerGroup.prepare(serverShells, { topology, certificates }, hosts.server);
      const parts = { id, topology, site, certificates, nodes, serverShells, agent, server };
      const lab = new Lab({ ...parts, routers: new Map(routers) });
      await lab.#setMemories();
      await lab.#setSysctls();
      await lab.#startTranslator();
      await lab.applyRules(topology);
      return lab;
    } catch (error) {
      await removeNodes(site.engine, nodes);
      throw error;
    }
  }

  /** Sets how long routers remember a silent connection; what they have forgotten they do not take up again (tcp_loose). */
  async #setMemories(): Promise<void> {
    const panel = await this.site.panel;
    for (const { id, make } of routersOf(this.topology)) {
      if (make.idleTimeoutS === null) continue;
      await panel.setSysctls(this.#pidOf(id), {
        "net.netfilter.nf_conntrack_tcp_timeout_established": String(make.idleTimeoutS),
        "net.netfilter.nf_conntrack_tcp_loose": "0",
      });
    }
  }

  /** Sets what a topology wants of its nodes' kernels. */
  async #setSysctls(): Promise<void> {
    const panel = await this.site.panel;
    for (const { id, sysctls } of this.topology.nodes) {
      if (sysctls !== undefined) await panel.setSysctls(this.#pidOf(id), sysctls, { areDemanded: true });
    }
  }

  /** Lets a translator, where there is one, do its work; it ends with its container. */
  async #startTranslator(): Promise<void> {
    const translator = translatorOf(this.topology);
    if (translator === null) return;
    const panel = await this.site.panel;
    const sysctls = translatorSysctls(this.topology, translator);
    await panel.setSysctls(this.#pidOf(translator.id), sysctls, { areDemanded: true });
    const shell = await NodeShell.open(
      this.site.engine,
      idOf(this.#nodes, translator.id),
      `${this.id}/${translator.id}`,
    );
    try {
      await shell.run("wiring", translatorScript(this.topology, translator).join("\n"));
    } finally {
      shell.close();
    }
  }

  /** Loads every router's rules, one atomic restore each; flows that are tracked already keep their state. */
  async applyRules(topology: Topology): Promise<void> {
    await Promise.all(
      routersOf(topology).map(async (router) => {
        const shell = this.routerShell(router);
        if (router.userRules !== undefined) {
          await shell.run("rules", userRulesScript(topology, router));
          return;
        }
        const { command, text } = renderRuleset(topology, router);
        const hint = router.helperPorts.length > 0 ? helperHint : undefined;
        await shell.run("rules", `${command} <<'END_OF_RULES'\n${text}END_OF_RULES`, { hint });
        const native = renderNativeRules(topology, router);
        if (native !== null) await shell.run("rules", `nft -f - <<'END_OF_RULES'\n${native}END_OF_RULES`, { hint });
      }),
    );
  }

  /** Turns forwarding on every router on or off (net.ipv4.ip_forward, net.ipv6.conf.all.forwarding). */
  async setForwarding(on: boolean): Promise<void> {
    const panel = await this.site.panel;
    await Promise.all(routersOf(this.topology).map((router) => panel.setForwarding(this.#pidOf(router.id), on)));
  }

  /** Interfaces that a node really has, without loopback. */
  async interfacesOf(node: TopologyNode): Promise<readonly string[]> {
    return (await this.site.panel).interfacesOf(this.#pidOf(node.id));
  }

  /** Runs a session in the client's network position. */
  runSession(request: SessionRequest, onWaiting: () => void = () => undefined): Promise<Attempt> {
    return this.#agent.runSession(request, onWaiting);
  }

  /** Runs a packaged program in the client's network position. */
  async runProgram(request: ProgramRequest, onWaiting: () => void): Promise<ProgramOutcome> {
    this.#programUsers ??= this.site.panel.then((panel) =>
      panel.routeProgramUsers(this.topology, this.#pidOf(clientOf(this.topology).id)),
    );
    await this.#programUsers;
    return this.#agent.runProgram(request, onWaiting);
  }

  /** Tries a TCP connection from the client. */
  probe(address: string, port: number, timeoutMs: number): Promise<ProbeOutcome> {
    this.#probes += 1;
    const localAddress = addressOf(this.topology, clientOf(this.topology).id);
    return this.#agent.probe({
      kind: "probe",
      id: `probe-${this.#probes}`,
      address,
      port,
      localAddress,
      timeoutMs,
    });
  }

  /** TLS secrets of all the client's sessions so far, in the NSS key log format (SSLKEYLOGFILE). */
  async readKeyLog(): Promise<string> {
    const node = clientOf(this.topology).id;
    this.#clientShell ??= NodeShell.open(this.site.engine, idOf(this.#nodes, node), `${this.id}/${node}`);
    return (await this.#clientShell).run("evidence", `[ ! -e ${keyLogPath} ] || cat ${keyLogPath}`);
  }

  /** The packets of all nodes' interfaces, not yet being captured; it ends with the lab. */
  async openCapture(): Promise<PacketCapture> {
    const panel = await this.site.panel;
    const shell = await panel.openShell(`${this.id}/packets`);
    const capture = new PacketCapture(shell, this.id, this.topology, pidsOf(this.#nodes));
    this.#captures.push(capture);
    return capture;
  }

  /** What is broken in the lab itself, or `null`: asked before a failure is believed to be FTP's. */
  async findFault(): Promise<string | null> {
    if (!this.#agent.alive) return "the client agent has ended";
    return (await this.server.isListening()) ? null : `${this.server.name} does not listen any more`;
  }

  /** Versions that a verdict may depend on. */
  get versions(): Readonly<Record<string, string>> {
    return { ...this.#agent.versions, [this.server.label]: this.server.version };
  }

  /** A shell on a router, for those who change its rules. */
  routerShell(router: RouterNode): NodeShell {
    const shell = this.#routers.get(router.id);
    if (shell === undefined) throw new Error(`${this.topology.id}: no shell on ${router.id}`);
    return shell;
  }

  /** A shell on the server, or the first of several. */
  get serverShell(): NodeShell {
    return this.#serverShells[0];
  }

  /** Container names by node, for `docker exec` by hand. */
  get containers(): ReadonlyMap<string, string> {
    return new Map([...this.#nodes].map(([id, node]) => [id, node.name]));
  }

  /** Leaves the containers to the user; server, rules and wires live on, `clean` removes them. */
  async keep(): Promise<void> {
    await this.#endCaptures();
    this.#disconnect();
    for (const node of this.#nodes.values()) node.lease.keep();
  }

  async close(): Promise<void> {
    await this.#endCaptures();
    this.#disconnect();
    await removeNodes(this.site.engine, this.#nodes);
  }

  /** A capture holds its node's network namespace. What cannot be ended by itself ends with the patch panel. */
  async #endCaptures(): Promise<void> {
    await Promise.allSettled(this.#captures.map((capture) => capture.close()));
  }

  #disconnect(): void {
    this.#agent.close();
    for (const shell of this.#serverShells) shell.close();
    void this.#clientShell?.then((shell) => {
      shell.close();
    });
    for (const shell of this.#routers.values()) shell.close();
  }

  #pidOf(id: string): number {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`${this.topology.id}: no container for ${id}`);
    return node.pid;
  }
}

type LabParts = {
  readonly id: string;
  readonly topology: Topology;
  readonly site: LabSite;
  readonly certificates: SiteCertificates;
  readonly nodes: ReadonlyMap<string, LabNode>;
  readonly routers: ReadonlyMap<string, NodeShell>;
  readonly serverShells: readonly [NodeShell, ...NodeShell[]];
  readonly agent: AgentConnection;
  readonly server: ServerGroup;
};

/** What is to be started. */
type LabSpec = {
  readonly id: string;
  readonly site: LabSite;
  readonly topology: Topology;
  readonly hosts: HostImages;
};

type StartingNodes = ReadonlyMap<string, Promise<LabNode>>;

/** Starts all nodes side by side; each that started is in `nodes` even when another one fails. */
function startNodes(order: LabSpec, nodes: Map<string, LabNode>): StartingNodes {
  const start = async (plan: NodePlan): Promise<LabNode> => {
    const node = await startNode(order.site.engine, specOf(order, plan));
    nodes.set(plan.node, node);
    return node;
  };
  return new Map(planLab(order.topology).map((plan) => [plan.node, start(plan)]));
}

function startedIn(starting: StartingNodes, id: string): Promise<LabNode> {
  const node = starting.get(id);
  if (node === undefined) throw new Error(`no container for ${id}`);
  return node;
}

/** As `Promise.all`, and nothing of it is under way any more when it throws. */
async function settled<const Work extends readonly unknown[]>(
  work: Work,
): Promise<{ -readonly [Part in keyof Work]: Awaited<Work[Part]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** The agent, which comes to the client's host with what else that has beside its image. */
async function openAgent({ engine, supplies }: LabSite, client: Promise<LabNode>): Promise<AgentConnection> {
  const [{ containerId, copyIn }, files] = await settled([client, supplies.then(filesOfClient)] as const);
  await copyIn(files);
  return AgentConnection.open(engine, containerId);
}

function pidsOf(nodes: ReadonlyMap<string, LabNode>): ReadonlyMap<string, number> {
  return new Map([...nodes].map(([id, { pid }]) => [id, pid]));
}

function specOf({ id, site, topology, hosts }: LabSpec, plan: NodePlan): NodeSpec {
  return {
    // The engine takes no plus in a name.
    name: `ftp-nat-matrix-${site.run}-${id.replaceAll("+", ".")}-${plan.node}`,
    image: imageOf(site, plan.role === "client" || plan.role === "server" ? hosts[plan.role] : plan.role),
    labels: makeLabels({ run: site.run, topology: topology.id, node: plan.node, role: plan.role }),
    capabilities:
      plan.role === "server" ? [...plan.capabilities, ...softwareIn(hosts.server).capabilities] : plan.capabilities,
    devices: plan.devices,
    sysctls: plan.sysctls,
    hosts: plan.hosts,
    files: [],
    panel: false,
  };
}

function imageOf({ images }: LabSite, name: ImageName): string {
  const tag = images[name];
  if (tag === undefined) throw new Error(`the site has no image ${name}`);
  return tag;
}

/** What the client's host has beside its image; a server's certificate comes with its profile. */
function filesOfClient({ agentBundle, nodeClientBundles, certificates }: SiteSupplies): readonly NodeFile[] {
  return [
    { path: agentPath, content: agentBundle, mode: 0o644 },
    ...Object.entries(nodeClientBundles).map(([id, content]) => ({ path: nodeClientPath(id), content, mode: 0o644 })),
    { path: clientCaPath, content: certificates.ca, mode: 0o644 },
  ];
}

async function removeNodes(engine: Engine, nodes: ReadonlyMap<string, LabNode>): Promise<void> {
  await Promise.all(
    [...nodes.values()].map(async (node) => {
      await removeContainer(engine, node.containerId);
      node.lease.end();
    }),
  );
}

function idOf(nodes: ReadonlyMap<string, LabNode>, id: string): string {
  const node = nodes.get(id);
  if (node === undefined) throw new Error(`no container for ${id}`);
  return node.containerId;
}
