import { readNodeFacts } from "../evidence/text/node-facts";
import type { NodeFacts } from "../model/evidence";
import { planWiring, wiringScript } from "../plan/wiring";
import type { Topology } from "../model/topology";
import { programUserRoutes } from "../plan/program-users";
import type { Engine } from "./engine";
import { factsScript, factsTexts, type FactsPlace } from "./facts-script";
import { makeLabels } from "./labels";
import { removeNode, startNode, type LabNode } from "./node-container";
import { NodeShell } from "./node-shell";

/**
 * * The helper that lays wires (veth pairs) straight between the nodes' network namespaces. Only the patch panel may see and enter them. It
 * has no mount and no network, and opens no connection.
 */
export class PatchPanel {
  readonly #engine: Engine;
  readonly #node: LabNode;
  readonly #shell: NodeShell;
  readonly #image: string;
  readonly #run: string;
  #trials = 0;

  private constructor({ engine, node, shell, image, run }: PanelParts) {
    this.#engine = engine;
    this.#node = node;
    this.#shell = shell;
    this.#image = image;
    this.#run = run;
  }

  static async start(engine: Engine, image: string, run: string): Promise<PatchPanel> {
    const node = await startNode(engine, {
      name: `ftp-nat-matrix-${run}-panel`,
      image,
      labels: makeLabels({ run, role: "panel" }),
      capabilities: ["NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE", "NET_RAW"],
      sysctls: {},
      hosts: [],
      panel: true,
    });
    try {
      const shell = await NodeShell.open(engine, node.containerId, "patch panel");
      return new PatchPanel({ engine, node, shell, image, run });
    } catch (error) {
      await removeNode(engine, node);
      throw error;
    }
  }

  /** Lays a topology's wires and sets addresses and routes. */
  async wire(topology: Topology, pids: ReadonlyMap<string, number>): Promise<void> {
    await this.#shell.run("wiring", wiringScript(planWiring(topology), pids));
  }

  /** Gives each user of packaged programs a source address of its own on the client's host. */
  async routeProgramUsers(topology: Topology, pid: number): Promise<void> {
    const family = topology.family === "ipv6" ? "-6" : "-4";
    const lines = programUserRoutes(topology).join("\n");
    await this.#shell.run("wiring", `nsenter -t ${pid} -n ip ${family} -batch - <<'END'\n${lines}\nEND`);
  }

  /** Loads rules in a node's network namespace, which need not have the right itself. @throws LabError of phase `rules` */
  async loadRules(pid: number, script: string): Promise<void> {
    await this.#shell.run("rules", `nsenter -t ${pid} -n bash <<'END_IN_NETWORK'\n${script}\nEND_IN_NETWORK`);
  }

  /** A shell of its own on the panel, for work that may take long. */
  openShell(name: string): Promise<NodeShell> {
    return NodeShell.open(this.#engine, this.#node.containerId, name);
  }

  /** Whether a command succeeds in a container that is given a device; `false` too where the engine has none to give. */
  async tryDevice(path: string, command: string): Promise<boolean> {
    this.#trials += 1;
    const trial = {
      name: `ftp-nat-matrix-${this.#run}-device${this.#trials}`,
      image: this.#image,
      labels: makeLabels({ run: this.#run, role: "panel" }),
      capabilities: ["NET_ADMIN"],
      devices: [path],
      sysctls: {},
      hosts: [],
      panel: false,
    };
    const node = await startNode(this.#engine, trial).catch((error: unknown) => {
      // The engine names what it cannot find.
      if (error instanceof Error && error.message.includes(path)) return null;
      throw error;
    });
    if (node === null) return false;
    try {
      const shell = await NodeShell.open(this.#engine, node.containerId, "device");
      const answer = await shell.run("start", `if { ${command}; } >/dev/null 2>&1; then echo has; else echo lacks; fi`);
      shell.close();
      return answer.trim() === "has";
    } finally {
      await removeNode(this.#engine, node);
    }
  }

  /** Names of all interfaces in a node's network namespace, loopback left out. */
  interfacesOf(pid: number): Promise<readonly string[]> {
    return this.#interfacesOf(String(pid));
  }

  /** The same of the engine's own network namespace. Its helper that started the panel's process lives there. */
  engineInterfaces(): Promise<readonly string[]> {
    return this.#interfacesOf(`$(awk '/^PPid:/ { print $2 }' /proc/${this.#node.pid}/status)`);
  }

  async #interfacesOf(pid: string): Promise<readonly string[]> {
    const output = await this.#shell.run("wiring", `nsenter -t ${pid} -n ip -json link show`);
    const links = JSON.parse(output) as readonly { readonly ifname: string; readonly link_type: string }[];
    return links.filter((link) => link.link_type !== "loopback").map((link) => link.ifname);
  }

  /** `NODE:INTERFACE` of each interface of these nodes that is up, loopback left out. */
  async upInterfaces(pids: ReadonlyMap<string, number>): Promise<readonly string[]> {
    const lines = [...pids].map(([node, pid]) => `nsenter -t ${pid} -n ip -brief link show up | sed 's/^/${node}:/'`);
    const output = await this.#shell.run("wiring", lines.join("\n"));
    // `router:lan@if5 UP 02:42:... <BROADCAST,UP>`
    return output
      .split("\n")
      .flatMap((line) => /^[^\s@]+(?=[@\s])/.exec(line) ?? [])
      .filter((name) => !name.endsWith(":lo"));
  }

  /** How the kernels of nodes route, decide and count. */
  async readFacts(places: readonly FactsPlace[]): Promise<readonly NodeFacts[]> {
    const output = await this.#shell.run("evidence", factsScript(places));
    return factsTexts(places, output).map(readNodeFacts);
  }

  /** Turns a router's forwarding on or off. */
  async setForwarding(pid: number, on: boolean): Promise<void> {
    const value = on ? "1" : "0";
    await this.setSysctls(pid, { "net.ipv4.ip_forward": value, "net.ipv6.conf.all.forwarding": value });
  }

  /**
   * Sets sysctls of a node's network namespace, by name; those that its kernel does not have are passed over, unless they are
   * demanded. Names and values are shell text. `/proc/sys` is read-only in containers, so it is mounted anew for a moment.
   */
  async setSysctls(
    pid: number,
    values: Readonly<Record<string, string>>,
    { areDemanded }: { readonly areDemanded: boolean } = { areDemanded: false },
  ): Promise<void> {
    const writes = Object.entries(values).map(([name, value]) => {
      const file = `/proc/sys/${name.replace(/[./]/g, (part) => (part === "." ? "/" : "."))}`;
      const without = areDemanded ? `else echo there is no sysctl ${name} >&2; exit 1; ` : "";
      return `if [ -e ${file} ]; then echo ${value} > ${file}; ${without}fi`;
    });
    const script = `mount -o remount,rw /proc/sys; nsenter -t ${pid} -n sh -ec "${writes.join("; ")}"`;
    await this.#shell.run("wiring", `unshare --mount sh -ec '${script}'`);
  }

  async stop(): Promise<void> {
    this.#shell.close();
    await removeNode(this.#engine, this.#node);
  }
}

type PanelParts = {
  readonly engine: Engine;
  readonly node: LabNode;
  readonly shell: NodeShell;
  readonly image: string;
  readonly run: string;
};
