import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { LabError, type LabPhase } from "../model/errors";
import type { Engine } from "./engine";
import { openExec, type ExecStream } from "./exec-stream";

/**
 * A shell that stays open in a container: a command costs 2 ms instead of the 60 ms of an exec of its own. Scripts run one
 * after another; their stderr comes with their stdout.
 */
export class NodeShell {
  readonly #name: string;
  readonly #exec: ExecStream;
  readonly #marker = `--${randomBytes(12).toString("hex")}`;
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  #lines: string[] = [];
  #ended = false;

  private constructor(name: string, exec: ExecStream) {
    this.#name = name;
    this.#exec = exec;
    createInterface({ input: exec.stdout }).on("line", (line) => {
      this.#onLine(line);
    });
    exec.stderr.resume();
    void exec.closed.then(() => {
      this.#ended = true;
      for (const { reject } of this.#waiting.splice(0)) reject(new Error("the shell ended"));
    });
  }

  static async open(engine: Engine, containerId: string, name: string): Promise<NodeShell> {
    return new NodeShell(name, await openExec(engine, containerId, ["bash", "--norc"]));
  }

  /**
   * Runs a script and gives its output. Values inside it must have been checked: it is shell text.
   * @throws LabError of the given phase when the script fails, takes longer than the deadline, or the shell is gone.
   */
  async run(phase: LabPhase, script: string, options: RunOptions = {}): Promise<string> {
    const { deadlineMs = 15_000, hint } = options;
    const reply = await this.#send(script, deadlineMs).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LabError(phase, `${this.#name}: ${why}.`, { code: "node-shell", cause });
    });
    if (reply.status === 0) return reply.output;
    throw new LabError(phase, `${this.#name}: a command failed with status ${String(reply.status)}: ${reply.output}`, {
      code: "node-command",
      hint,
    });
  }

  close(): void {
    this.#exec.stdin.end();
    this.#exec.stdin.destroy();
  }

  #send(script: string, deadlineMs: number): Promise<Reply> {
    if (this.#ended) return Promise.reject(new Error("the shell ended"));
    return new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${String(deadlineMs)} ms`));
        this.close();
      }, deadlineMs);
      const settle = <T>(action: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer);
          action(value);
        };
      };
      this.#waiting.push({ resolve: settle(resolve), reject: settle(reject) });
      // A subshell, so that `set -e` and `cd` end with the script; no stdin, so that it cannot eat the next one.
      this.#exec.stdin.write(`(\n${script}\n) 2>&1 </dev/null; printf '\\n%s %d\\n' '${this.#marker}' "$?"\n`);
    });
  }

  #onLine(line: string): void {
    if (!line.startsWith(this.#marker)) {
      this.#lines.push(line);
      return;
    }
    // printf began a line of its own, which leaves one empty line behind output that ended in a newline.
    if (this.#lines.at(-1) === "") this.#lines.pop();
    const output = this.#lines.join("\n");
    this.#lines = [];
    this.#waiting.shift()?.resolve({ status: Number(line.slice(this.#marker.length)), output });
  }
}

type RunOptions = {
  readonly deadlineMs?: number;
  /** The remedy, where a failure of this script has one. */
  readonly hint?: string | undefined;
};

type Reply = { readonly status: number; readonly output: string };
