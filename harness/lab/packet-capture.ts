import type { NodeCapture } from "../evidence/packets/captures";
import { LabError } from "../model/errors";
import type { Topology } from "../model/topology";
import { clientOf, interfaceOn, routersOf, serversOf } from "../model/network";
import { giveUp, poll } from "../text/poll";
import type { NodeShell } from "./node-shell";
import { readFiles } from "./read-files";

/** A node, and the process id by which its network namespace is entered. */
type Place = { readonly node: string; readonly pid: number };

/** A node's capture ends there: a cell that floods costs its own evidence, not the run. */
const mostKilobytes = 64 * 1024;
/** Frames longer than that do not occur on these wires: an MTU of 1500 and the cooked header. */
const snapLength = 2048;
const ringKilobytes = 8 * 1024;

/**
 * Captures the packets of every interface of a lab's nodes, from the patch panel: no node needs a program or a capability for
 * it. Made for one topology; started and ended once for each batch of cells.
 */
export class PacketCapture {
  readonly #shell: NodeShell;
  readonly #topology: Topology;
  /** In the order client to server. */
  readonly #places: readonly Place[];
  readonly #folder: string;
  #interfaces: ReadonlyMap<string, NodeCapture["interfaces"]> | null = null;
  #running = false;

  /**
   * @param labId names its folder on the panel
   * @param pids process id of each node's container, as the engine's machine counts
   */
  constructor(shell: NodeShell, labId: string, topology: Topology, pids: ReadonlyMap<string, number>) {
    this.#shell = shell;
    this.#topology = topology;
    this.#places = [
      clientOf(topology),
      ...topology.nodes.filter(({ kind }) => kind === "translator"),
      ...routersOf(topology),
      ...serversOf(topology),
    ].map(({ id: node }) => {
      const pid = pids.get(node);
      if (pid === undefined) throw new Error(`no process id for node ${node}`);
      return { node, pid };
    });
    this.#folder = `/run/ftp-nat-matrix/${labId}`;
  }

  /** Begins anew with empty files; returns when every node listens. */
  async start(): Promise<void> {
    if (this.#running) await this.stop();
    const starts = this.#places.map(
      ({ node, pid }) =>
        `(ulimit -f ${mostKilobytes}; exec nsenter -t ${pid} -n tcpdump -i any -n -Z root -s ${snapLength} ` +
        `-B ${ringKilobytes} --immediate-mode -w ${node}.pcap 'tcp or icmp or icmp6') ` +
        `</dev/null >/dev/null 2>${node}.log & echo $! > ${node}.pid`,
    );
    const listening = this.#places.map(({ node }) => `grep -q listening ${node}.log`).join(" && ");
    await this.#run([
      `mkdir -p ${this.#folder}; cd ${this.#folder}; rm -f *`,
      ...starts,
      poll({ until: listening, otherwise: `cat *.log; ${giveUp("tcpdump does not listen.")}` }),
    ]);
    this.#running = true;
    this.#interfaces ??= await this.#readInterfaces();
  }

  /** Ends the captures and gives what was captured; what had passed before the call is in it. */
  async collect(): Promise<readonly NodeCapture[]> {
    const interfaces = this.#interfaces;
    if (!this.#running || interfaces === null)
      throw new LabError("evidence", "No capture was started.", { code: "capture" });
    await this.stop();
    const paths = this.#places.flatMap(({ node }) => [`${this.#folder}/${node}.pcap`, `${this.#folder}/${node}.log`]);
    const files = await readFiles(this.#shell, paths, mostKilobytes * 1024);
    return this.#places.map(({ node }, index): NodeCapture => {
      const pcap = files[index * 2] ?? Buffer.alloc(0);
      const log = files[index * 2 + 1]?.toString("utf8") ?? "";
      return { node, pcap, interfaces: interfaces.get(node) ?? [], cut: cutOf(log, pcap.length) };
    });
  }

  /** Ends the captures. A tcpdump that sleeps has written down all that it was given. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    const pids = this.#places.map(({ node }) => `$(cat ${node}.pid)`).join(" ");
    await this.#run([
      `cd ${this.#folder}`,
      `pids="${pids}"; late=`,
      "asleep() {",
      `  for pid in $pids; do case "$(cut -d ' ' -f 3 /proc/$pid/stat 2>/dev/null)" in S|"") ;; *) return 1;; esac; done`,
      "}",
      "ended() { for pid in $pids; do [ ! -e /proc/$pid ] || return 1; done; }",
      poll({ until: "asleep", otherwise: "late='tcpdump has more to write than it can.'" }),
      "kill -INT $pids 2>/dev/null",
      poll({ until: "ended", otherwise: "late='tcpdump does not end.'" }),
      `[ -z "$late" ] || { echo "$late"; exit 1; }`,
    ]);
  }

  /** Ends the captures and the shell. */
  async close(): Promise<void> {
    try {
      await this.stop();
    } finally {
      this.#shell.close();
    }
  }

  async #readInterfaces(): Promise<ReadonlyMap<string, NodeCapture["interfaces"]>> {
    const output = await this.#run(this.#places.map(({ pid }) => `nsenter -t ${pid} -n ip -json link; echo`));
    const texts = output.split("\n").filter((line) => line !== "");
    return new Map(
      this.#places.map(({ node }, place) => {
        const found = JSON.parse(texts[place] ?? "[]") as readonly {
          readonly ifindex: number;
          readonly ifname: string;
        }[];
        const interfaces = this.#topology.links.flatMap((link): NodeCapture["interfaces"] => {
          if (!link.ends.some((end) => end.node === node)) return [];
          const name = interfaceOn(link, node);
          const index = found.find(({ ifname }) => ifname === name)?.ifindex;
          const own = name === link.id ? {} : { name };
          return index === undefined ? [] : [{ index, link: link.id, ...own, ends: link.ends.map((end) => end.node) }];
        });
        return [node, interfaces];
      }),
    );
  }

  #run(lines: readonly string[]): Promise<string> {
    return this.#shell.run("evidence", lines.join("\n"));
  }
}

/** tcpdump's last words: `12 packets dropped by kernel`. */
function cutOf(log: string, size: number): string | null {
  if (size >= mostKilobytes * 1024) return `it is cut at ${mostKilobytes / 1024} MB`;
  const dropped = Number(/(\d+) packets dropped by kernel/.exec(log)?.[1] ?? 0);
  if (dropped > 0) return `the kernel dropped ${dropped} packets`;
  return log.includes("packets captured") ? null : "tcpdump ended before its time";
}
