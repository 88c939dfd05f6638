import type { NodeShell } from "../../lab/node-shell";
import { readFiles } from "../../lab/read-files";
import { giveUp, poll } from "../../text/poll";
import { hitGroup } from "./kinds/definition";
import { readHits } from "./oracle/hits";
import type { Hit } from "./oracle/loss";

const mostBytes = 8 * 1024 * 1024;

/** What an injected rule logs of the packets that it meets, heard from the patch panel in the rule's network. */
export class HitLog {
  readonly #shell: NodeShell;
  readonly #file: string;

  /** @param shell on the patch panel. @param name unique on it */
  constructor(shell: NodeShell, name: string) {
    this.#shell = shell;
    this.#file = `/run/faults-${name}`;
  }

  /** Returns when it listens. @param pid of the node's container, as the engine's machine counts */
  async start(pid: number): Promise<void> {
    const file = this.#file;
    await this.#shell.run(
      "wiring",
      [
        `nsenter -t ${pid} -n tcpdump -i nflog:${hitGroup} -n -Z root -U --immediate-mode -w ${file}.pcap </dev/null >/dev/null 2>${file}.log & echo $! > ${file}.pid`,
        poll({
          until: `grep -q listening ${file}.log`,
          otherwise: `cat ${file}.log; ${giveUp("tcpdump does not listen.")}`,
        }),
      ].join("\n"),
    );
  }

  /** What the rule has met since, by the kernel's clock. */
  async read(): Promise<readonly Hit[]> {
    const [pcap = Buffer.alloc(0)] = await readFiles(this.#shell, [`${this.#file}.pcap`], mostBytes);
    return readHits(pcap);
  }

  /** Ends it: it would hold the node's network for as long as it runs. */
  async stop(): Promise<void> {
    const file = this.#file;
    await this.#shell.run(
      "wiring",
      [
        `[ -e ${file}.pid ] || exit 0`,
        `pid=$(cat ${file}.pid); kill -INT $pid 2>/dev/null || true`,
        poll({ until: "[ ! -e /proc/$pid ]", otherwise: "kill -KILL $pid" }),
        `rm -f ${file}.pid ${file}.log`,
      ].join("\n"),
    );
  }
}
