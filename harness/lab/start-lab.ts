import { softwaresIn } from "../catalog/servers/registry";
import { clientOf, hostsOf, routersOf, serversOf } from "../model/network";
import type { Topology } from "../model/topology";
import { planLab, type NodePlan } from "../plan/lab-plan";
import { labId, type HostImages } from "../plan/labs";
import { renderHostRuleset } from "../plan/ruleset";
import { translatorOf, translatorScript, translatorSysctls } from "../plan/translator";
import { AgentConnection } from "./agent-connection";
import type { AnyImage } from "../model/release-image";
import { Lab, nodeOf, pidsOf, removeNodes, type LabNodes } from "./lab";
import type { LabSite } from "./lab-site";
import { makeLabels } from "./labels";
import { startNode, type LabNode, type NodeSpec } from "./node-container";
import { NodeShell } from "./node-shell";
import type { PatchPanel } from "./patch-panel";
import { RouterRules } from "./router-rules";
import { ServerGroup } from "./server-group";
import { userRulesScript } from "./user-rules-script";

/** What is to be started. */
type LabSpec = {
  readonly id: string;
  readonly site: LabSite;
  readonly topology: Topology;
  readonly hosts: HostImages;
};

/**
 * Brings a topology up: containers, wires, rules, files and the client agent; the FTP server is started by `server.serve`.
 * @throws LabError; whatever had been started is gone then.
 */
export async function startLab(site: LabSite, topology: Topology, hosts: HostImages): Promise<Lab> {
  const spec = { id: labId(topology.id, hosts), site, topology, hosts };
  const nodes = new Map<string, LabNode>();
  try {
    const lab = await connect(spec, startNodes(spec, nodes), nodes);
    const panel = await site.panel;
    await setMemories(panel, topology, nodes);
    await setSysctls(panel, topology, nodes);
    await startTranslator(spec, panel, nodes);
    await Promise.all([lab.applyRules(topology), loadHostRules(panel, topology, nodes)]);
    return lab;
  } catch (error) {
    // The reason why there is no lab is the one to tell. A container that cannot be removed ends with its lease.
    await removeNodes(site, nodes).catch(() => undefined);
    throw error;
  }
}

type StartingNodes = ReadonlyMap<string, Promise<LabNode>>;

/** Starts all nodes side by side; each that started is in `nodes` even when another one fails. */
function startNodes(spec: LabSpec, nodes: Map<string, LabNode>): StartingNodes {
  const start = async (plan: NodePlan): Promise<LabNode> => {
    const node = await startNode(spec.site.engine, specOf(spec, plan));
    nodes.set(plan.node, node);
    return node;
  };
  return new Map(planLab(spec.topology).map((plan) => [plan.node, start(plan)]));
}

/** Wires the nodes, opens shells and the agent's line, and lays out the server's files: each as soon as its nodes are there. */
async function connect({ id, site, topology, hosts }: LabSpec, starting: StartingNodes, nodes: LabNodes): Promise<Lab> {
  const started = (node: string): Promise<LabNode> =>
    starting.get(node) ?? Promise.reject(new Error(`no container for ${node}`));
  const shell = async (node: string): Promise<NodeShell> =>
    NodeShell.open(site.engine, (await started(node)).containerId, `${id}/${node}`);
  const all = Promise.all(starting.values());
  const [, [firstShell, ...otherShells], agent, routers] = await settled([
    all,
    Promise.all(serversOf(topology).map((server) => shell(server.id))),
    openAgent(site, started(clientOf(topology).id)),
    Promise.all(routersOf(topology).map(async (router) => [router.id, await shell(router.id)] as const)),
    Promise.all([site.panel, all]).then(([panel]) => panel.wire(topology, pidsOf(nodes))),
  ] as const);
  if (firstShell === undefined) throw new Error(`${id}: no shell on a server`);
  const serverShells = [firstShell, ...otherShells] as const;
  const { certificates } = await site.supplies;
  const server = await ServerGroup.prepare(serverShells, { topology, certificates }, hosts.server);
  const rules = new RouterRules(new Map(routers));
  return new Lab({ id, topology, site, certificates, nodes, rules, serverShells, agent, server });
}

/** As `Promise.all`, and nothing of it is under way any more when it throws. */
async function settled<const Work extends readonly unknown[]>(
  work: Work,
): Promise<{ -readonly [Part in keyof Work]: Awaited<Work[Part]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function openAgent({ engine, supplies }: LabSite, client: Promise<LabNode>): Promise<AgentConnection> {
  const [{ containerId }, { clientFiles }] = await settled([client, supplies] as const);
  return AgentConnection.open(engine, containerId, clientFiles);
}

/** Sets how long routers remember a silent connection; what they have forgotten they do not take up again (tcp_loose). */
async function setMemories(panel: PatchPanel, topology: Topology, nodes: LabNodes): Promise<void> {
  for (const { id, make } of routersOf(topology)) {
    if (make.idleTimeoutS === null) continue;
    await panel.setSysctls(nodeOf(nodes, id).pid, {
      "net.netfilter.nf_conntrack_tcp_timeout_established": String(make.idleTimeoutS),
      "net.netfilter.nf_conntrack_tcp_loose": "0",
    });
  }
}

/** Sets what a topology wants of its nodes' kernels. */
async function setSysctls(panel: PatchPanel, topology: Topology, nodes: LabNodes): Promise<void> {
  for (const { id, sysctls } of topology.nodes) {
    if (sysctls !== undefined) await panel.setSysctls(nodeOf(nodes, id).pid, sysctls, { areDemanded: true });
  }
}

/** Loads the hosts' own rules; unlike routers', they stay as they are. @throws LabError of phase `rules` in the kernel's words */
async function loadHostRules(panel: PatchPanel, topology: Topology, nodes: LabNodes): Promise<void> {
  for (const host of hostsOf(topology)) {
    const ruleset = renderHostRuleset(topology, host);
    if (ruleset === null) continue;
    await panel.loadRules(nodeOf(nodes, host.id).pid, userRulesScript(topology, host.id, ruleset));
  }
}

/** Lets a translator, where there is one, do its work; it ends with its container. */
async function startTranslator({ id, site, topology }: LabSpec, panel: PatchPanel, nodes: LabNodes): Promise<void> {
  const translator = translatorOf(topology);
  if (translator === null) return;
  const { pid, containerId } = nodeOf(nodes, translator.id);
  await panel.setSysctls(pid, translatorSysctls(topology, translator), { areDemanded: true });
  const shell = await NodeShell.open(site.engine, containerId, `${id}/${translator.id}`);
  try {
    await shell.run("wiring", translatorScript(topology, translator).join("\n"));
  } finally {
    shell.close();
  }
}

function specOf({ id, site, topology, hosts }: LabSpec, plan: NodePlan): NodeSpec {
  return {
    // The engine takes no plus in a name.
    name: `ftp-nat-matrix-${site.run}-${id.replace(/[^\w.-]/g, ".")}-${plan.node}`,
    image: imageOf(site, plan.role === "client" || plan.role === "server" ? hosts[plan.role] : plan.role),
    labels: makeLabels({ run: site.run, topology: topology.id, node: plan.node, role: plan.role }),
    capabilities:
      plan.role === "server"
        ? [...plan.capabilities, ...softwaresIn(hosts.server).flatMap(({ capabilities }) => capabilities)]
        : plan.capabilities,
    devices: plan.devices,
    sysctls: plan.sysctls,
    hosts: plan.hosts,
    panel: false,
  };
}

function imageOf({ images }: LabSite, name: AnyImage): string {
  const tag = images[name];
  if (tag === undefined) throw new Error(`the site has no image ${name}`);
  return tag;
}
