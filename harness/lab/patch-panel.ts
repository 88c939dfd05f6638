import { planWiring, wiringScript } from "../plan/wiring";
import type { Topology } from "../model/topology";
import type { Engine } from "./engine";
import { makeLabels } from "./labels";
import { removeContainer, startNode, type LabNode } from "./node-container";
import { NodeShell } from "./node-shell";

/**
 * The helper that lays wires (veth pairs) straight between the nodes' network namespaces. It alone may see and enter them,
 * it has no mount and no network, and it speaks to nobody.
 */
export class PatchPanel {
  readonly #engine: Engine;
  readonly #node: LabNode;
  readonly #shell: NodeShell;

  private constructor(engine: Engine, node: LabNode, shell: NodeShell) {
    this.#engine = engine;
    this.#node = node;
    this.#shell = shell;
  }

  static async start(engine: Engine, image: string, run: string): Promise<PatchPanel> {
    const node = await startNode(engine, {
      name: `ftp-nat-matrix-${run}-panel`,
      image,
      labels: makeLabels({ run, role: "panel" }),
      capabilities: ["NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"],
      sysctls: {},
      hosts: [],
      files: [],
      panel: true,
    });
    return new PatchPanel(engine, node, await NodeShell.open(engine, node.containerId, "patch panel"));
  }

  /** Lays a topology's wires and sets addresses and routes. */
  async wire(topology: Topology, pids: ReadonlyMap<string, number>): Promise<void> {
    await this.#shell.run("wiring", wiringScript(planWiring(topology), pids));
  }

  /** Names of all interfaces in a node's network namespace, loopback left out. */
  async interfacesOf(pid: number): Promise<readonly string[]> {
    const output = await this.#shell.run("wiring", `nsenter -t ${String(pid)} -n ip -json link show`);
    const links = JSON.parse(output) as readonly { readonly ifname: string; readonly link_type: string }[];
    return links.filter((link) => link.link_type !== "loopback").map((link) => link.ifname);
  }

  /** Turns a router's forwarding on or off. `/proc/sys` is read-only in containers, so it is mounted anew for a moment. */
  async setForwarding(pid: number, on: boolean): Promise<void> {
    const value = on ? "1" : "0";
    const files = ["/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding"];
    const writes = files.map((file) => `if [ -e ${file} ]; then echo ${value} > ${file}; fi`).join("; ");
    await this.#shell.run(
      "wiring",
      `unshare --mount sh -ec 'mount -o remount,rw /proc/sys; nsenter -t ${String(pid)} -n sh -ec "${writes}"'`,
    );
  }

  async stop(): Promise<void> {
    this.#shell.close();
    await removeContainer(this.#engine, this.#node.containerId);
    this.#node.lease.end();
  }
}
