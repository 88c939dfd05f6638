import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { version } from "basic-ftp/package.json";
import type { AgentMessage } from "../../../harness/model/agent-protocol";
import { agentScript } from "../../../harness/lab/agent-scripts";
import { generousDeadlines, sessionRequest } from "../../support/agent-request";

const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-test-"));
const file = join(folder, "agent.js");

beforeAll(async () => {
  writeFileSync(file, await agentScript());
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the bundle runs by itself: ready first, answers side by side, faults for nonsense, ends with its input", async () => {
  const agent = spawn(process.execPath, [file], { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  const exit = new Promise((resolve) => agent.once("exit", resolve));
  const messages: AgentMessage[] = [];
  const probe = { kind: "probe", id: "p", address: "127.0.0.1", port: 1, localAddress: "127.0.0.1", timeoutMs: 1_000 };
  agent.stdin.write(`nonsense\n{"kind":"session","id":"s"}\n\n${JSON.stringify(probe)}\n`);
  for await (const line of createInterface({ input: agent.stdout })) {
    messages.push(JSON.parse(line) as AgentMessage);
    if (messages.length === 4) agent.stdin.end();
  }
  expect(messages[0]).toMatchObject({ kind: "ready", versions: { node: process.versions.node, "basic-ftp": version } });
  expect(messages.slice(1)).toEqual([
    expect.objectContaining({ kind: "fault", id: null }),
    expect.objectContaining({ kind: "fault", id: "s" }),
    {
      kind: "probe-done",
      id: "p",
      outcome: { connected: false, error: "ECONNREFUSED", durationMs: expect.any(Number) as number },
    },
  ]);
  expect(await exit).toBe(0);
});

test("the agent ends with its input though sessions wait", async () => {
  const silent = createServer((socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const agent = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = new Promise((resolve) => agent.once("exit", resolve));
  const deadlines = { ...generousDeadlines, greeting: 60_000 };
  agent.stdin.write(`${JSON.stringify(sessionRequest({ port, ca: "", deadlines }))}\n`);
  // Connected, and told nothing: the session now waits for a greeting that never comes.
  silent.once("connection", () => agent.stdin.end());
  agent.stdout.resume();
  expect(await exit).toBe(0);
  await new Promise((resolve) => silent.close(resolve));
});
