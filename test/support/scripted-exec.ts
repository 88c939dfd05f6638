import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import type { ExecStream } from "../../harness/lab/exec-stream";

/** A process that says what a test lets it say, in whatever pieces. */
export class ScriptedExec implements ExecStream {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();

  /** What it has been told so far. */
  get told(): string {
    return this.#told;
  }
  #told = "";

  constructor() {
    this.stdin.setEncoding("utf8").on("data", (text: string) => (this.#told += text));
  }

  /** Says pieces one after another, each in a turn of its own of the event loop. */
  async say(...pieces: readonly (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      this.stdout.write(piece);
      await turn();
    }
  }

  /** Ends, with last words on stderr where there are any. */
  async die(lastWords = ""): Promise<void> {
    this.stderr.end(lastWords);
    this.stdout.end();
    await turn();
  }
}
