import { setImmediate as turn } from "node:timers/promises";
import { AgentConnection } from "../../../harness/lab/agent-connection";
import {
  protocolLine,
  type AgentMessage,
  type ProbeRequest,
  type ProgramRequest,
} from "../../../harness/model/agent-protocol";
import { LabError } from "../../../harness/model/errors";
import { generousDeadlines, sessionRequest } from "../../support/agent-request";
import { makeAttempt } from "../../support/attempts";
import { ScriptedExec } from "../../support/scripted-exec";

const versions = { node: "20.19.2" };
const ready = protocolLine({ kind: "ready", versions });
const outcome = { connected: true, error: null, durationMs: 1 };

function probe(id: string, timeoutMs = 1_000): ProbeRequest {
  return { kind: "probe", id, address: "203.0.113.1", port: 21, localAddress: "198.51.100.2", timeoutMs };
}

function session(id: string) {
  return sessionRequest({ id, port: 21, ca: "" });
}

function program(id: string, deadlineMs: number): ProgramRequest {
  return { kind: "program", id, command: { argv: ["true"] }, home: "/tmp/p", uid: 1, makes: [], wants: [], deadlineMs };
}

function probeDone(id: string, change: Partial<typeof outcome> = {}): string {
  return protocolLine({ kind: "probe-done", id, outcome: { ...outcome, ...change } });
}

/** A line to an agent that is ready and then says what the test lets it say. */
async function connected(): Promise<{ readonly exec: ScriptedExec; readonly agent: AgentConnection }> {
  const exec = new ScriptedExec();
  const opening = AgentConnection.over(exec);
  await exec.say(ready);
  return { exec, agent: await opening };
}

/** What was thrown. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no failure",
    (error: unknown) => error,
  );
}

describe("messages, whatever the pieces they come in", () => {
  const attempt = makeAttempt({ message: "naïve 日本 🚫 \u2028 {}" });
  const stream = Buffer.from(
    [
      protocolLine({ kind: "waiting", id: "s1" }),
      probeDone("p1"),
      protocolLine({ kind: "session-done", id: "s1", attempt }),
    ].join(""),
  );

  async function hear({ exec, agent }: Awaited<ReturnType<typeof connected>>, pieces: readonly Buffer[]) {
    let waits = 0;
    const answers = Promise.all([
      agent.probe(probe("p1")),
      agent.runSession(session("s1"), () => {
        waits += 1;
      }),
    ]);
    await exec.say(...pieces);
    return { answers: await answers, waits };
  }

  test("are heard when they are cut in two at any byte", async () => {
    const line = await connected();
    for (let cut = 1; cut < stream.length; cut += 1) {
      const heard = await hear(line, [stream.subarray(0, cut), stream.subarray(cut)]);
      expect({ cut, ...heard }).toEqual({ cut, answers: [outcome, attempt], waits: 1 });
    }
  });

  test("are heard when they come byte by byte", async () => {
    const heard = await hear(
      await connected(),
      [...stream].map((byte) => Buffer.of(byte)),
    );
    expect(heard).toEqual({ answers: [outcome, attempt], waits: 1 });
  });

  test("may say that the agent is ready in as many pieces", async () => {
    const exec = new ScriptedExec();
    const opening = AgentConnection.over(exec);
    await exec.say(...[...Buffer.from(ready)].map((byte) => Buffer.of(byte)));
    expect((await opening).versions).toEqual(versions);
  });
});

test("each answer goes to its request, in whatever order they come, and a request is one line", async () => {
  const { exec, agent } = await connected();
  const answers = Promise.all([agent.probe(probe("p1")), agent.probe(probe("p2")), agent.probe(probe("p3"))]);
  await exec.say(probeDone("p3", { durationMs: 3 }), probeDone("p1", { durationMs: 1 }));
  await exec.say(probeDone("p2", { durationMs: 2 }));
  expect((await answers).map(({ durationMs }) => durationMs)).toEqual([1, 2, 3]);
  expect(
    exec.told
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as ProbeRequest).id),
  ).toEqual(["p1", "p2", "p3"]);
});

test("answers that nobody waits for, and lines that are no messages, change nothing", async () => {
  const { exec, agent } = await connected();
  const answer = agent.probe(probe("p1"));
  const others = ["no JSON at all", "12", "null", '"text"', "[]", "{}"].map((line) => `${line}\n`);
  await exec.say(...others, probeDone("p0"), protocolLine({ kind: "waiting", id: "p0" }), probeDone("p1"));
  expect(await answer).toEqual(outcome);
  await exec.say(probeDone("p1"));
  expect(agent.alive).toBe(true);
});

test.each<[string, AgentMessage]>([
  ["a fault of its own", { kind: "fault", id: "p1", message: "TypeError: no such option" }],
  ["the answer to another question", { kind: "session-done", id: "p1", attempt: makeAttempt() }],
])("%s fails its request alone", async (_, message) => {
  const { exec, agent } = await connected();
  const failed = failure(agent.probe(probe("p1")));
  const other = agent.probe(probe("p2"));
  await exec.say(protocolLine(message), probeDone("p2"));
  expect(await failed).toMatchObject({ code: "agent-fault" });
  expect(await other).toEqual(outcome);
  expect(agent.alive).toBe(true);
});

describe("an agent that stays silent", () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance"] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    ["a probe", (agent: AgentConnection) => agent.probe(probe("x", 1_000)), 11],
    ["a program", (agent: AgentConnection) => agent.runProgram(program("x", 20_000), () => undefined), 35],
    [
      "a session",
      (agent: AgentConnection) => agent.runSession(session("x"), () => undefined),
      (Object.values(generousDeadlines).reduce((sum, ms) => sum + ms, 0) * 3) / 1_000,
    ],
  ] as const)("fails %s after the time that the agent itself allows it, and lives on", async (_, ask, seconds) => {
    const { exec, agent } = await connected();
    const asked = failure(ask(agent));
    let failed = false;
    void asked.then(() => (failed = true));
    await jest.advanceTimersByTimeAsync(seconds * 1_000 - 1);
    expect(failed).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await asked).toMatchObject({
      code: "agent-silent",
      message: `The client agent gave no answer within ${seconds} s.`,
    });
    // What comes too late belongs to nobody, and the next answer to the next request.
    await exec.say(probeDone("x"));
    const next = agent.probe(probe("y"));
    await exec.say(probeDone("y"));
    expect(await next).toEqual(outcome);
  });

  test("from its start is given up", async () => {
    const exec = new ScriptedExec();
    const opening = failure(AgentConnection.over(exec));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await opening).toMatchObject({
      code: "agent-silent",
      message: "The client agent was not ready within 60 s.",
    });
    expect(exec.stdin.destroyed).toBe(true);
  });
});

describe("an agent that dies", () => {
  test("fails all that it was asked, and whatever it is asked then, with its last words", async () => {
    const { exec, agent } = await connected();
    const asked = [failure(agent.probe(probe("p1"))), failure(agent.runSession(session("s1"), () => undefined))];
    await exec.die("node: out of memory\nAborted\n");
    const errors = [...(await Promise.all(asked)), await failure(agent.probe(probe("p2")))];
    for (const error of errors) {
      expect(error).toBeInstanceOf(LabError);
      expect(error).toMatchObject({
        code: "agent-ended",
        message: "The client agent ended: node: out of memory | Aborted.",
      });
    }
    expect(agent.alive).toBe(false);
  });

  test("is told with the fault that ended it", async () => {
    const { exec, agent } = await connected();
    const asked = failure(agent.probe(probe("p1")));
    await exec.say(protocolLine({ kind: "fault", id: null, message: "Error: listener threw" }));
    await exec.die();
    expect(await asked).toMatchObject({ message: "The client agent ended: Error: listener threw." });
  });

  test("has answered what it said in its last breath", async () => {
    const { exec, agent } = await connected();
    const answer = agent.probe(probe("p1"));
    exec.stderr.end();
    await turn();
    // It did not even come to the line feed.
    exec.stdout.end(probeDone("p1").trimEnd());
    expect(await answer).toEqual(outcome);
  });

  test("before it is ready tells why, in the engine's own words where it never ran", async () => {
    const exec = new ScriptedExec();
    const opening = failure(AgentConnection.over(exec));
    await exec.say("OCI runtime exec failed: no such file\n");
    await exec.die();
    expect(await opening).toMatchObject({
      code: "agent-ended",
      message: "The client agent ended: OCI runtime exec failed: no such file.",
    });
  });
});
