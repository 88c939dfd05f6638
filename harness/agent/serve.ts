import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { AgentMessage, AgentRequest } from "../model/agent-protocol";
import { runProbe } from "./probe";
import { runProgram } from "./run-program";
import { parseRequest } from "./requests";
import { runSession } from "./session";
import { TlsSettings } from "./tls-settings";

/**
 * * Answers requests, one JSON value a line, all side by side, until the input ends. An error in a request itself, or in our code, is a
 * `fault` and never the failure of a session.
 */
export async function serve(input: Readable, say: (message: AgentMessage) => void): Promise<void> {
  const tls = new TlsSettings();
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    const parsed = parseRequest(line);
    if (parsed.kind === "malformed") {
      say({ kind: "fault", id: parsed.id, message: parsed.message });
      continue;
    }
    const { request } = parsed;
    void answer(request, tls, say).catch((error: unknown) => {
      say({ kind: "fault", id: request.id, message: describeFault(error) });
    });
  }
}

async function answer(request: AgentRequest, tls: TlsSettings, say: (message: AgentMessage) => void): Promise<void> {
  const { id } = request;
  const onWaiting = (): void => {
    say({ kind: "waiting", id });
  };
  switch (request.kind) {
    case "probe":
      say({ kind: "probe-done", id, outcome: await runProbe(request) });
      return;
    case "program":
      say({ kind: "program-done", id, outcome: await runProgram(request, onWaiting) });
      return;
    case "session":
      say({ kind: "session-done", id, attempt: await runSession(request, { tls, onWaiting }) });
      return;
  }
}

/** With the stack: a fault is a bug to find. */
export function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
