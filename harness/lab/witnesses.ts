import type { LabTexts } from "../evidence/assemble";
import { describeError } from "../model/errors";
import { parseConnections } from "../parse/conntrack";
import { addressOf, clientOf, routersOf } from "../plan/network";
import type { Lab } from "./lab";
import { RouterMonitor, type Sentinel } from "./router-monitor";

/** Any topology's client may try the control port, and every router on the way sees it do so. */
const sentinelPort = 21;

/** The vantage points of a lab beside the client: routers and server. What they cannot tell is named, and decides nothing. */
export class Witnesses {
  readonly #lab: Lab;
  /** In the order client to server, as topology files list them. */
  readonly #monitors: readonly RouterMonitor[];

  private constructor(lab: Lab, monitors: readonly RouterMonitor[]) {
    this.#lab = lab;
    this.#monitors = monitors;
  }

  /** @throws LabError when a router's kernel cannot be listened to. */
  static async start(lab: Lab): Promise<Witnesses> {
    const { topology } = lab;
    const monitors = routersOf(topology).map((router) => new RouterMonitor(lab.routerShell(router), topology, router));
    await Promise.all(monitors.map((monitor) => monitor.start()));
    return new Witnesses(lab, monitors);
  }

  /** Forgets what was seen so far, so that addresses and names may be used again. */
  async clear(): Promise<void> {
    await Promise.all([this.#lab.server.clearLogs(), ...this.#monitors.map((monitor) => monitor.clear())]);
  }

  /** Everything seen since it was last cleared. */
  async collect(): Promise<LabTexts> {
    const missing: string[] = [];
    const server = await this.#lab.server.readLogs().catch((error: unknown) => {
      missing.push(`the server's logs: ${describeError(error).message}`);
      return null;
    });
    return { routers: await this.#collectRouters(missing), server, missing };
  }

  async #collectRouters(missing: string[]): Promise<LabTexts["routers"]> {
    if (this.#monitors.length === 0) return [];
    const { topology } = this.#lab;
    let sentinel: Sentinel = {
      source: addressOf(topology, clientOf(topology).id),
      sourcePort: null,
      port: sentinelPort,
    };
    // With its connection closed at once, only the SYN and its handshake are left behind.
    await this.#lab.probe(topology.dial, sentinelPort, 500);
    const routers: LabTexts["routers"][number][] = [];
    for (const monitor of this.#monitors) {
      const { id } = monitor.router;
      try {
        const { texts, complete } = await monitor.collect(sentinel);
        if (!complete) missing.push(`${id}: the last events did not show up in time`);
        routers.push({ router: id, ...texts });
        sentinel = beyond(sentinel, texts.connections);
      } catch (error) {
        missing.push(`${id}: ${describeError(error).message}`);
      }
    }
    return routers;
  }
}

/** The sentinel's sender as the next router sees it. */
function beyond(sentinel: Sentinel, connections: string): Sentinel {
  const passed = parseConnections(connections).find(
    ({ original }) => original.source === sentinel.source && original.destinationPort === sentinel.port,
  );
  if (passed === undefined) return sentinel;
  return { ...sentinel, source: passed.reply.destination, sourcePort: passed.reply.destinationPort };
}
