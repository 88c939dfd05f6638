import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  protocolLine,
  type AgentMessage,
  type AgentRequest,
  type ProbeOutcome,
  type ProbeRequest,
  type ProgramRequest,
  type SessionRequest,
} from "../model/agent-protocol";
import type { ProgramOutcome } from "../model/program";
import type { Attempt } from "../model/cell";
import type { ErrorCode } from "../model/error-codes";
import { LabError } from "../model/errors";
import type { Engine } from "./engine";
import { openExec, type ExecStream } from "./exec-stream";

/** Where the agent's bundle lies in the client's container. */
export const agentPath = "/opt/ftp-nat-matrix/agent.js";

/** Where programs in the client's container write the secrets of their TLS sessions, so that captures can be read. */
export const keyLogPath = "/run/ftp-nat-matrix-tls-keys";

type Pending = {
  readonly settle: (message: AgentMessage) => void;
  readonly fail: (error: LabError) => void;
  readonly onWaiting: () => void;
};

/** The agent's bundle has to be read and compiled, on a machine where many labs may start at once. */
const readyMs = 60_000;

/** The line to the client agent: requests out, messages in, many in flight. */
export class AgentConnection {
  readonly #exec: ExecStream;
  readonly #pending = new Map<string, Pending>();
  /** Output of the agent beside its messages: usually the reason why it ends. */
  readonly #words: string[] = [];
  #versions: Readonly<Record<string, string>> = {};
  #end: LabError | null = null;

  private constructor(exec: ExecStream) {
    this.#exec = exec;
  }

  /**
   * Starts the agent in a container and waits until it is ready.
   * @param files a tar archive that holds the agent; the engine's own way of copying costs as much as a container
   * @throws LabError of phase `agent`
   */
  static async open(engine: Engine, containerId: string, files: Buffer): Promise<AgentConnection> {
    const script = `head -c ${files.length} | tar -xC / && exec node --tls-keylog=${keyLogPath} ${agentPath}`;
    const exec = await openExec(engine, containerId, ["bash", "-c", script]);
    exec.stdin.write(files);
    return AgentConnection.over(exec);
  }

  /** Waits until an agent that has been started is ready. @throws LabError of phase `agent` */
  static async over(exec: ExecStream): Promise<AgentConnection> {
    const connection = new AgentConnection(exec);
    await connection.#listen();
    return connection;
  }

  /** Reads what the agent says from now on; resolves once it has said that it is ready. */
  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (message: string, code: ErrorCode): void => {
        clearTimeout(timer);
        const error = new LabError("agent", message, { code });
        this.#fail(error);
        reject(error);
      };
      const timer = setTimeout(() => {
        fail(`The client agent was not ready within ${readyMs / 1000} s.`, "agent-silent");
        this.close();
      }, readyMs);
      const messages = createInterface({ input: this.#exec.stdout }).on("line", (line) => {
        const message = messageIn(line);
        if (message === null) this.#words.push(line);
        else if (message.kind === "ready") {
          clearTimeout(timer);
          this.#versions = message.versions;
          resolve();
        } else this.#deliver(message);
      });
      const errors = createInterface({ input: this.#exec.stderr }).on("line", (line) => this.#words.push(line));
      void Promise.all([once(messages, "close"), once(errors, "close")]).then(() => {
        fail(`The client agent ended: ${this.#words.slice(-5).join(" | ") || "no output"}.`, "agent-ended");
      });
    });
  }

  /** Versions of the agent's parts. */
  get versions(): Readonly<Record<string, string>> {
    return this.#versions;
  }

  /** Runs one session; `onWaiting` is called when it stands still for a while. */
  async runSession(request: SessionRequest, onWaiting: () => void): Promise<Attempt> {
    const limitMs = Object.values(request.deadlines).reduce((sum, ms) => sum + ms, 0) * 3;
    const message = await this.#ask(request, limitMs, onWaiting);
    if (message.kind === "session-done") return message.attempt;
    throw unexpectedMessage(message);
  }

  /** Runs a client program; `onWaiting` is called when it stands still for a while. */
  async runProgram(request: ProgramRequest, onWaiting: () => void): Promise<ProgramOutcome> {
    const message = await this.#ask(request, request.deadlineMs + 15_000, onWaiting);
    if (message.kind === "program-done") return message.outcome;
    throw unexpectedMessage(message);
  }

  async probe(request: ProbeRequest): Promise<ProbeOutcome> {
    const message = await this.#ask(request, request.timeoutMs + 10_000, () => undefined);
    if (message.kind === "probe-done") return message.outcome;
    throw unexpectedMessage(message);
  }

  get alive(): boolean {
    return this.#end === null;
  }

  close(): void {
    this.#exec.stdin.end();
    this.#exec.stdin.destroy();
  }

  #fail(error: LabError): void {
    this.#end ??= error;
    for (const { fail } of this.#pending.values()) fail(error);
    this.#pending.clear();
  }

  #deliver(message: Exclude<AgentMessage, { readonly kind: "ready" }>): void {
    if (message.kind === "fault" && message.id === null) {
      // It ends the agent, and belongs to no request.
      this.#words.push(message.message);
      return;
    }
    const id = message.id ?? "";
    const request = this.#pending.get(id);
    // Nobody waits any more for an answer that came too late.
    if (request === undefined) return;
    if (message.kind === "waiting") {
      request.onWaiting();
      return;
    }
    this.#pending.delete(id);
    request.settle(message);
  }

  #ask(request: AgentRequest, limitMs: number, onWaiting: () => void): Promise<AgentMessage> {
    if (this.#end !== null) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      // The agent has a deadline for each stage; this one only notices an agent that has stopped keeping them.
      const timer = setTimeout(() => {
        this.#pending.delete(request.id);
        const message = `The client agent gave no answer within ${Math.round(limitMs / 1000)} s.`;
        reject(new LabError("agent", message, { code: "agent-silent" }));
      }, limitMs);
      this.#pending.set(request.id, {
        settle: (message) => {
          clearTimeout(timer);
          resolve(message);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
        onWaiting,
      });
      this.#exec.stdin.write(protocolLine(request));
    });
  }
}

function unexpectedMessage(message: AgentMessage): LabError {
  const text = message.kind === "fault" ? message.message : `unexpected answer ${message.kind}`;
  return new LabError("agent", `The client agent failed: ${text}`, { code: "agent-fault" });
}

/** `null` for what the agent has not said: where it could not be started, the engine puts its own words here. */
function messageIn(line: string): AgentMessage | null {
  try {
    return JSON.parse(line) as AgentMessage | null;
  } catch {
    return null;
  }
}
