import { randomBytes } from "node:crypto";
import { LabError, type LabPhase, messageOf } from "../model/errors";
import type { Engine } from "./engine";
import { openExec, type ExecStream } from "./exec-stream";

/**
 * A shell that stays open in a container: a command costs 2 ms instead of the 60 ms of an exec of its own. Scripts run one
 * after another; their stderr comes with their stdout.
 */
export class NodeShell {
  readonly #name: string;
  readonly #exec: ExecStream;
  /** Printed after each script, on a line of its own, with the script's status behind it. */
  readonly #marker = `--${randomBytes(12).toString("hex")}`;
  readonly #end = Buffer.from(`\n${this.#marker} `);
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  /** What the script that runs has printed so far. */
  #output: Buffer[] = [];
  #ended = false;

  /** @param exec a bash that reads its commands from stdin */
  constructor(name: string, exec: ExecStream) {
    this.#name = name;
    this.#exec = exec;
    exec.stdout.on("data", (chunk: Buffer) => {
      this.#onData(chunk);
    });
    exec.stderr.resume();
    exec.stdout.once("end", () => {
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
    const output = (await this.runForBytes(phase, script, options)).toString("utf8");
    return output.endsWith("\n") ? output.slice(0, -1) : output;
  }

  /** As `run`, with the output as it came. */
  async runForBytes(phase: LabPhase, script: string, options: RunOptions = {}): Promise<Buffer> {
    const { deadlineMs = 15_000, hint } = options;
    const reply = await this.#send(script, deadlineMs).catch((cause: unknown) => {
      const why = messageOf(cause);
      throw new LabError(phase, `${this.#name}: ${why}.`, { code: "node-shell", cause });
    });
    if (reply.status === 0) return reply.output;
    const said = reply.output.toString("utf8").trimEnd();
    throw new LabError(phase, `${this.#name}: a command failed with status ${reply.status}: ${said}`, {
      code: "node-command",
      hint,
    });
  }

  /** Ends the shell; what it still runs fails. */
  close(): void {
    this.#ended = true;
    this.#exec.stdin.end();
    this.#exec.stdin.destroy();
  }

  #send(script: string, deadlineMs: number): Promise<Reply> {
    if (this.#ended) return Promise.reject(new Error("the shell ended"));
    return new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${deadlineMs} ms`));
        this.close();
      }, deadlineMs);
      const settle = <T>(action: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer);
          action(value);
        };
      };
      this.#waiting.push({ resolve: settle(resolve), reject: settle(reject) });
      // A subshell, so that `set -e` and `cd` end with the script; no stdin, so that it cannot eat the next one. An empty one
      // would be an error of syntax, on which bash ends.
      this.#exec.stdin.write(`(:\n${script}\n) 2>&1 </dev/null; printf '\\n%s %d\\n' '${this.#marker}' "$?"\n`);
    });
  }

  #onData(chunk: Buffer): void {
    // The marker may lie across chunks: it is looked for from its own length before the new one.
    const tail = this.#output.pop() ?? Buffer.alloc(0);
    const last = Buffer.concat([tail, chunk]);
    const found = last.indexOf(this.#end);
    const lineEnd = found === -1 ? -1 : last.indexOf(10, found + this.#end.length);
    if (lineEnd === -1) {
      const kept = found === -1 ? last.length - this.#end.length : found;
      this.#output.push(...(kept > 0 ? [last.subarray(0, kept), last.subarray(kept)] : [last]));
      return;
    }
    const status = Number(last.toString("latin1", found + this.#end.length, lineEnd));
    const output = Buffer.concat([...this.#output, last.subarray(0, found)]);
    this.#output = [];
    this.#waiting.shift()?.resolve({ status, output });
    if (lineEnd + 1 < last.length) this.#onData(last.subarray(lineEnd + 1));
  }
}

/** What runs scripts in a node. */
export type ScriptRunner = Pick<NodeShell, "run" | "runForBytes">;

type RunOptions = {
  readonly deadlineMs?: number;
  /** The remedy, where a failure of this script has one. */
  readonly hint?: string | undefined;
};

type Reply = { readonly status: number; readonly output: Buffer };
