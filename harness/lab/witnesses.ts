import type { LabTexts } from "../evidence/recording/assemble";
import { describeError } from "../model/errors";
import type { Gap, GapCollector } from "../model/evidence";
import { parseConnections } from "../evidence/text/conntrack";
import { addressOf, clientOf, routersOf, serverOf } from "../model/network";
import type { RouterNode } from "../model/topology";
import { addressBehind } from "../plan/translator";
import type { LabWitnesses, RunningLab } from "./lab-port";
import type { ScriptRunner } from "./node-shell";
import type { PacketCapture } from "./packet-capture";
import { RouterMonitor, type Sentinel } from "./router-monitor";
import type { ServerGroup } from "./server-group";

/** What witnesses need of a lab. */
type WatchedLab = Pick<RunningLab, "topology" | "probe"> & {
  readonly server: Pick<ServerGroup, "clearLogs" | "readLogs">;
  routerShell(router: RouterNode): ScriptRunner;
  openCapture(): Promise<Capture>;
  readKeyLog(): Promise<string>;
};

type Capture = Pick<PacketCapture, "start" | "collect">;

/** The vantage points of a lab beside the client: routers and server. What they cannot tell is a gap, and decides nothing. */
export class Witnesses implements LabWitnesses {
  readonly #lab: WatchedLab;
  /** In the order client to server, as topology files list them. */
  readonly #monitors: readonly RouterMonitor[];

  readonly #capture: Capture;
  #captureFault: Error | null = null;

  private constructor(lab: WatchedLab, monitors: readonly RouterMonitor[], capture: Capture) {
    this.#lab = lab;
    this.#monitors = monitors;
    this.#capture = capture;
  }

  /** @throws LabError when a router's kernel cannot be listened to. */
  static async start(lab: WatchedLab): Promise<Witnesses> {
    const { topology } = lab;
    const monitors = routersOf(topology).map((router) => new RouterMonitor(lab.routerShell(router), topology, router));
    const [capture] = await Promise.all([lab.openCapture(), ...monitors.map((monitor) => monitor.start())]);
    return new Witnesses(lab, monitors, capture);
  }

  /** Forgets what was seen so far, so that addresses and names may be used again. */
  async clear(): Promise<void> {
    await Promise.all([
      this.#lab.server.clearLogs(),
      this.#startCapture(),
      ...this.#monitors.map((monitor) => monitor.clear()),
    ]);
  }

  /** Everything seen since it was last cleared. */
  async collect(): Promise<LabTexts> {
    const missing: Gap[] = [];
    const servers = await this.#lab.server.readLogs().catch((error: unknown) => {
      missing.push(failed("server-log", null, error));
      return [];
    });
    const routers = await this.#collectRouters(missing);
    // After the routers' witnesses: their sentinel passes every interface last.
    const captures = await this.#collectPackets().catch((error: unknown) => {
      missing.push(failed("packets", null, error));
      return [];
    });
    return { routers, servers, captures, missing };
  }

  /** TLS secrets of all sessions since the lab's start, in the NSS key log format (SSLKEYLOGFILE). */
  keyLog(): Promise<string> {
    return this.#lab.readKeyLog();
  }

  /** A failed capture does not stop the cells. It is reported as missing on collect. */
  async #startCapture(): Promise<void> {
    this.#captureFault = null;
    await this.#capture.start().catch((error: unknown) => {
      this.#captureFault = error instanceof Error ? error : new Error(String(error));
    });
  }

  #collectPackets(): Promise<LabTexts["captures"]> {
    return this.#captureFault === null ? this.#capture.collect() : Promise.reject(this.#captureFault);
  }

  async #collectRouters(missing: Gap[]): Promise<LabTexts["routers"]> {
    if (this.#monitors.length === 0) return [];
    const { topology } = this.#lab;
    // Any topology's client may try the control port, and every router on the way sees it do so.
    const port = serverOf(topology).controlPort;
    let sentinel: Sentinel = {
      source: addressBehind(topology, addressOf(topology, clientOf(topology).id)),
      sourcePort: null,
      port,
    };
    // With its connection closed at once, only the SYN and its handshake are left behind.
    // Where it cannot be sent, as from a client that has died, each router waits for it in vain and says so.
    await this.#lab.probe(topology.dial, port, 500).catch(() => undefined);
    const routers: LabTexts["routers"][number][] = [];
    for (const monitor of this.#monitors) {
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
    return routers;
  }
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
