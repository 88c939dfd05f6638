import type { ProbeOutcome, ProgramRequest, SessionRequest } from "../model/agent-protocol";
import type { Attempt } from "../model/cell";
import type { NodeFacts } from "../model/evidence";
import { addressOf, clientOf, routersOf } from "../model/network";
import type { ProgramOutcome } from "../model/program";
import type { ClientNode, RouterNode, ServerNode, Topology, TopologyNode } from "../model/topology";
import { keyLogPath, type AgentConnection } from "./agent-connection";
import { HostMonitor } from "./host-monitor";
import type { RunningLab, Versions, WatchOptions } from "./lab-port";
import type { LabSite } from "./lab-site";
import { removeNode, type LabNode } from "./node-container";
import { NodeShell } from "./node-shell";
import { PacketCapture } from "./packet-capture";
import type { RouterRules } from "./router-rules";
import type { ServerGroup } from "./server-group";
import type { SiteCertificates } from "./site-certificates";
import { Witnesses } from "./witnesses";

/** What a lab is made of; `startLab` makes it. */
export type LabParts = {
  readonly id: string;
  readonly topology: Topology;
  readonly site: LabSite;
  readonly certificates: SiteCertificates;
  readonly nodes: LabNodes;
  readonly rules: RouterRules;
  readonly serverShells: readonly [NodeShell, ...NodeShell[]];
  readonly agent: AgentConnection;
  readonly server: ServerGroup;
};

/** A lab's containers, by node. */
export type LabNodes = ReadonlyMap<string, LabNode>;

/** A running network in containers. */
export class Lab implements RunningLab {
  /** See `labId`. */
  readonly id: string;
  readonly topology: Topology;
  readonly site: LabSite;
  readonly certificates: SiteCertificates;
  readonly server: ServerGroup;
  readonly #nodes: LabNodes;
  readonly #rules: RouterRules;
  readonly #serverShells: LabParts["serverShells"];
  readonly #agent: AgentConnection;
  readonly #captures: PacketCapture[] = [];
  readonly #hostMonitors: HostMonitor[] = [];
  /** Made when the first program runs. */
  #programUsers: Promise<void> | null = null;
  /** Opened when it is first needed. */
  #clientShell: Promise<NodeShell> | null = null;
  #probes = 0;
  /** Interfaces that were up when the lab was first watched. */
  #upInterfaces: readonly string[] = [];

  constructor(parts: LabParts) {
    this.id = parts.id;
    this.topology = parts.topology;
    this.site = parts.site;
    this.certificates = parts.certificates;
    this.server = parts.server;
    this.#nodes = parts.nodes;
    this.#rules = parts.rules;
    this.#serverShells = parts.serverShells;
    this.#agent = parts.agent;
  }

  get versions(): Versions {
    return { ...this.#agent.versions, ...this.server.versions };
  }

  get containers(): ReadonlyMap<string, string> {
    return new Map([...this.#nodes].map(([id, node]) => [id, node.name]));
  }

  applyRules(topology: Topology): Promise<void> {
    return this.#rules.apply(topology);
  }

  /** A shell on a router, for those who change its rules. */
  routerShell(router: RouterNode): NodeShell {
    return this.#rules.shellOf(router);
  }

  /** A shell on the server, or the first of several. */
  get serverShell(): NodeShell {
    return this.#serverShells[0];
  }

  async setForwarding(on: boolean): Promise<void> {
    const panel = await this.site.panel;
    await Promise.all(routersOf(this.topology).map(({ id }) => panel.setForwarding(nodeOf(this.#nodes, id).pid, on)));
  }

  async interfacesOf({ id }: TopologyNode): Promise<readonly string[]> {
    return (await this.site.panel).interfacesOf(nodeOf(this.#nodes, id).pid);
  }

  runSession(request: SessionRequest, onWaiting: () => void = () => undefined): Promise<Attempt> {
    return this.#agent.runSession(request, onWaiting);
  }

  async runProgram(request: ProgramRequest, onWaiting: () => void): Promise<ProgramOutcome> {
    const client = nodeOf(this.#nodes, clientOf(this.topology).id);
    this.#programUsers ??= this.site.panel.then((panel) => panel.routeProgramUsers(this.topology, client.pid));
    await this.#programUsers;
    return this.#agent.runProgram(request, onWaiting);
  }

  probe(address: string, port: number, timeoutMs: number): Promise<ProbeOutcome> {
    this.#probes += 1;
    const localAddress = addressOf(this.topology, clientOf(this.topology).id);
    return this.#agent.probe({ kind: "probe", id: `probe-${this.#probes}`, address, port, localAddress, timeoutMs });
  }

  async watch(options?: WatchOptions): Promise<Witnesses> {
    const panel = await this.site.panel;
    this.#upInterfaces = await panel.upInterfaces(pidsOf(this.#nodes));
    return Witnesses.start(this, options);
  }

  /** TLS secrets of all the client's sessions so far, in the NSS key log format (SSLKEYLOGFILE). */
  async readKeyLog(): Promise<string> {
    const { id } = clientOf(this.topology);
    const { containerId } = nodeOf(this.#nodes, id);
    this.#clientShell ??= NodeShell.open(this.site.engine, containerId, `${this.id}/${id}`);
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

  async findFault(): Promise<string | null> {
    if (!this.#agent.alive) return "the client agent has ended";
    if (!(await this.server.isListening())) return `${this.server.name} does not listen any more`;
    const up = await (await this.site.panel).upInterfaces(pidsOf(this.#nodes));
    const down = this.#upInterfaces.find((name) => !up.includes(name));
    return down === undefined ? null : `the interface ${down} is not up any more`;
  }

  /** Leaves the containers to the user; server, rules and wires live on, `clean` removes them. */
  async keep(): Promise<void> {
    await this.#endListeners();
    this.#disconnect();
    for (const { lease } of this.#nodes.values()) lease.keep();
  }

  async close(): Promise<void> {
    await this.#endListeners();
    this.#disconnect();
    await removeNodes(this.site, this.#nodes);
  }

  /** What a host's own rules see, not yet listened to; it ends with the lab. */
  async openHostMonitor(host: ClientNode | ServerNode): Promise<HostMonitor> {
    const panel = await this.site.panel;
    const shell = await panel.openShell(`${this.id}/${host.id}/rules`);
    const { pid } = nodeOf(this.#nodes, host.id);
    const monitor = new HostMonitor(shell, this.id, this.topology, { host, pid });
    this.#hostMonitors.push(monitor);
    return monitor;
  }

  /** How every node's kernel routes, decides and counts. */
  async readFacts(): Promise<readonly NodeFacts[]> {
    const places = [...pidsOf(this.#nodes)].map(([node, pid]) => ({ node, pid }));
    return (await this.site.panel).readFacts(places);
  }

  /** A capture holds its node's network namespace, and so does a host's monitor. What cannot be ended by itself ends with the patch panel. */
  async #endListeners(): Promise<void> {
    await Promise.allSettled([...this.#captures, ...this.#hostMonitors].map((listener) => listener.close()));
  }

  #disconnect(): void {
    this.#agent.close();
    this.#rules.close();
    for (const shell of this.#serverShells) shell.close();
    this.#clientShell?.then(
      (shell) => {
        shell.close();
      },
      () => {
        // It never opened; whoever needed it was told.
      },
    );
  }
}

/** Removes all of a lab's containers. @throws what the first that could not be removed was refused with; the others are gone */
export async function removeNodes({ engine }: Pick<LabSite, "engine">, nodes: LabNodes): Promise<void> {
  const removed = await Promise.allSettled([...nodes.values()].map((node) => removeNode(engine, node)));
  for (const each of removed) if (each.status === "rejected") throw each.reason;
}

/** Process id of each node's container, as the engine's machine counts. */
export function pidsOf(nodes: LabNodes): ReadonlyMap<string, number> {
  return new Map([...nodes].map(([id, { pid }]) => [id, pid]));
}

export function nodeOf(nodes: LabNodes, id: string): LabNode {
  const node = nodes.get(id);
  if (node === undefined) throw new Error(`no container for ${id}`);
  return node;
}
