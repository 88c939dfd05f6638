import { createInterface } from "node:readline";
import type {
  AgentMessage,
  AgentRequest,
  ProbeOutcome,
  ProbeRequest,
  ProgramRequest,
  SessionRequest,
} from "../model/agent-protocol";
import type { ProgramOutcome } from "../model/program";
import type { Attempt } from "../model/cell";
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

/** The line to the client agent: requests out, messages in, many in flight. */
export class AgentConnection {
  readonly versions: Readonly<Record<string, string>>;
  readonly #exec: ExecStream;
  readonly #pending: Map<string, Pending>;
  #end: LabError | null = null;

  private constructor(exec: ExecStream, pending: Map<string, Pending>, versions: Readonly<Record<string, string>>) {
    this.#exec = exec;
    this.#pending = pending;
    this.versions = versions;
  }

  /** Starts the agent in a container and waits until it is ready. */
  static async open(engine: Engine, containerId: string): Promise<AgentConnection> {
    const exec = await openExec(engine, containerId, ["node", `--tls-keylog=${keyLogPath}`, agentPath]);
    const stderr: string[] = [];
    createInterface({ input: exec.stderr }).on("line", (line) => stderr.push(line));
    const pending = new Map<string, Pending>();
    const lines = createInterface({ input: exec.stdout });
    let connection: AgentConnection | null = null;
    const versions = await new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
      lines.on("line", (line) => {
        const message = messageIn(line);
        if (message === null) stderr.push(line);
        else if (message.kind === "ready") resolve(message.versions);
        else deliver(pending, message);
      });
      void exec.closed.then(() => {
        const error = new LabError("agent", `The client agent ended: ${stderr.slice(-5).join(" | ") || "no output"}.`, {
          code: "agent-ended",
        });
        reject(error);
        if (connection !== null) connection.#fail(error);
      });
    });
    connection = new AgentConnection(exec, pending, versions);
    return connection;
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
    this.#end = error;
    for (const { fail } of this.#pending.values()) fail(error);
    this.#pending.clear();
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
      this.#exec.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }
}

function deliver(pending: Map<string, Pending>, message: AgentMessage): void {
  const id = "id" in message ? message.id : null;
  const entry = id === null ? undefined : pending.get(id);
  if (id === null || entry === undefined) return;
  if (message.kind === "waiting") {
    entry.onWaiting();
    return;
  }
  pending.delete(id);
  entry.settle(message);
}

function unexpectedMessage(message: AgentMessage): LabError {
  const text = message.kind === "fault" ? message.message : `unexpected answer ${message.kind}`;
  return new LabError("agent", `The client agent failed: ${text}`, { code: "agent-fault" });
}

/** `null` for what the agent has not said: where it could not be started, the engine puts its own words here. */
function messageIn(line: string): AgentMessage | null {
  try {
    return JSON.parse(line) as AgentMessage;
  } catch {
    return null;
  }
}
