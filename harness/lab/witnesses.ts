import type { LabTexts } from "../evidence/recording/assemble";
import { describeError } from "../model/errors";
import type { Gap, GapCollector, NodeFacts } from "../model/evidence";
import { parseConnections } from "../evidence/text/conntrack";
import { countedSince } from "../evidence/text/node-facts";
import { addressOf, clientOf, hostsOf, routersOf, serverOf } from "../model/network";
import type { ClientNode, RouterNode, ServerNode } from "../model/topology";
import { addressBehind } from "../plan/translator";
import type { HostMonitor } from "./host-monitor";
import type { LabWitnesses, RunningLab, WatchOptions } from "./lab-port";
import type { ScriptRunner } from "./node-shell";
import type { PacketCapture } from "./packet-capture";
import { RouterMonitor } from "./router-monitor";
import type { ServerGroup } from "./server-group";
import type { Sentinel } from "./trace-text";

/** What witnesses need of a lab. */
type WatchedLab = Pick<RunningLab, "topology" | "probe"> & {
  readonly server: Pick<ServerGroup, "clearLogs" | "readLogs">;
  routerShell(router: RouterNode): ScriptRunner;
  openCapture(): Promise<Capture>;
  openHostMonitor(host: ClientNode | ServerNode): Promise<HostListener>;
  readFacts(): Promise<readonly NodeFacts[]>;
  readKeyLog(): Promise<string>;
};

type Capture = Pick<PacketCapture, "start" | "collect">;
type HostListener = Pick<HostMonitor, "host" | "start" | "clear" | "collect">;

/** What listens beside the server. */
type Listeners = {
  /** In the order client to server, as topology files list them. */
  readonly monitors: readonly RouterMonitor[];
  readonly hosts: readonly HostListener[];
  readonly capture: Capture;
  /** Whether any node is traced from end to end: then what its kernel says of itself is asked too. */
  readonly asksFacts: boolean;
};

/** The vantage points of a lab beside the client: routers and server. Evidence that they cannot give is a gap, and decides nothing. */
export class Witnesses implements LabWitnesses {
  readonly #lab: WatchedLab;
  readonly #listeners: Listeners;
  #captureFault: Error | null = null;
  /** As they were when the batch began. */
  #factsBefore: readonly NodeFacts[] = [];

  private constructor(lab: WatchedLab, listeners: Listeners) {
    this.#lab = lab;
    this.#listeners = listeners;
  }

  /** @throws LabError when a node's kernel cannot be listened to. */
  static async start(lab: WatchedLab, { everything = false }: WatchOptions = {}): Promise<Witnesses> {
    const { topology } = lab;
    const isMarked = (router: RouterNode): boolean => everything || router.userRules !== undefined;
    const routers = routersOf(topology);
    const monitors = routers.map(
      (router) => new RouterMonitor(lab.routerShell(router), topology, router, isMarked(router)),
    );
    const watched = hostsOf(topology).filter((host) => everything || hasRules(host));
    const [capture, hosts] = await Promise.all([
      lab.openCapture(),
      Promise.all(watched.map((host) => lab.openHostMonitor(host))),
    ]);
    await Promise.all([...monitors, ...hosts].map((monitor) => monitor.start()));
    const asksFacts = watched.length > 0 || routers.some(isMarked);
    return new Witnesses(lab, { monitors, hosts, capture, asksFacts });
  }

  /** Forgets what was seen so far, so that addresses and names may be used again. */
  async clear(): Promise<void> {
    await Promise.all([
      this.#lab.server.clearLogs(),
      this.#startCapture(),
      ...[...this.#listeners.monitors, ...this.#listeners.hosts].map((monitor) => monitor.clear()),
    ]);
    this.#factsBefore = await this.#readFacts();
  }

  /** Everything seen since it was last cleared. */
  async collect(): Promise<LabTexts> {
    const missing: Gap[] = [];
    const servers = await this.#lab.server.readLogs().catch((error: unknown) => {
      missing.push(failed("server-log", null, error));
      return [];
    });
    const { routers, hosts } = await this.#collectNodes(missing);
    // After the routers' witnesses: their sentinel passes every interface last.
    const captures = await this.#collectPackets().catch((error: unknown) => {
      missing.push(failed("packets", null, error));
      return [];
    });
    const facts = (await this.#readFacts()).map((now) => countedSince(this.#factsBefore, now));
    return { routers, hosts, servers, captures, facts, missing };
  }

  /** Facts that could not be read are left out: no verdict depends on them alone. */
  #readFacts(): Promise<readonly NodeFacts[]> {
    return this.#listeners.asksFacts ? this.#lab.readFacts().catch(() => []) : Promise.resolve([]);
  }

  /** TLS secrets of all sessions since the lab's start, in the NSS key log format (SSLKEYLOGFILE). */
  keyLog(): Promise<string> {
    return this.#lab.readKeyLog();
  }

  /** A failed capture does not stop the cells. It is reported as missing on collect. */
  async #startCapture(): Promise<void> {
    this.#captureFault = null;
    await this.#listeners.capture.start().catch((error: unknown) => {
      this.#captureFault = error instanceof Error ? error : new Error(String(error));
    });
  }

  #collectPackets(): Promise<LabTexts["captures"]> {
    return this.#captureFault === null ? this.#listeners.capture.collect() : Promise.reject(this.#captureFault);
  }

  async #collectNodes(missing: Gap[]): Promise<Required<Pick<LabTexts, "routers" | "hosts">>> {
    const { monitors, hosts } = this.#listeners;
    if (monitors.length + hosts.length === 0) return { routers: [], hosts: [] };
    const { topology } = this.#lab;
    // Any topology's client may try the control port, and every router on the way sees it do so.
    const port = serverOf(topology).controlPort;
    const source = addressOf(topology, clientOf(topology).id);
    let sentinel: Sentinel = { source: addressBehind(topology, source), sourcePort: null, port };
    // With its connection closed at once, only the SYN and its handshake are left behind.
    // Where it cannot be sent, as from a client that has died, each router waits for it in vain and says so.
    await this.#lab.probe(topology.dial, port, 500).catch(() => undefined);
    const routers: LabTexts["routers"][number][] = [];
    for (const monitor of monitors) {
      const { id } = monitor.router;
      try {
        const { texts, gaps } = await monitor.collect(sentinel);
        missing.push(...gaps);
        routers.push({ router: id, ...texts });
        sentinel = beyond(sentinel, texts.connections);
      } catch (error) {
        missing.push(failed("router", id, error));
      }
    }
    const heard: NonNullable<LabTexts["hosts"]>[number][] = [];
    for (const monitor of hosts) {
      const { id, kind } = monitor.host;
      try {
        const { texts, gaps } = await monitor.collect();
        missing.push(...gaps);
        heard.push({ host: id, kind, ...texts });
      } catch (error) {
        missing.push(failed("router-trace", id, error));
      }
    }
    return { routers, hosts: heard };
  }
}

function hasRules(host: ClientNode | ServerNode): boolean {
  return host.userRules !== undefined || host.firewall !== undefined;
}

function failed(collector: GapCollector, node: string | null, error: unknown): Gap {
  return { collector, node, reason: describeError(error).message };
}

/** The sentinel's sender as the next router sees it. */
function beyond(sentinel: Sentinel, connections: string): Sentinel {
  const mine = connections.split("\n").filter((line) => line.includes(`src=${sentinel.source} `));
  const passed = parseConnections(mine.join("\n")).find(
    ({ original }) => original.source === sentinel.source && original.destinationPort === sentinel.port,
  );
  if (passed === undefined) return sentinel;
  return { ...sentinel, source: passed.reply.destination, sourcePort: passed.reply.destinationPort };
}
