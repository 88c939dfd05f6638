import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { removeOwned } from "../../harness/lab/sweep";
import { baseImage } from "../../harness/lab/image-definitions";
import type { MatrixReport } from "../../harness/model/report";
import { matrix, type Command } from "../support/command";
import { choose, leftovers, runCells, until } from "../support/lab-run";

jest.setTimeout(150_000);

let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = await connectEngine();
  folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-test-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Blocked cells, many times over: a run that is surely under way when it is ended. */
const longRun = ["server-nat-helper/tls-optional/basic-ftp/ftps/epsv/list", "--repeat-each", "400", "-j", "4"];

async function startedRun(args: readonly string[]): Promise<{ readonly command: Command; readonly run: string }> {
  const command = matrix([...args, "--output", folder]);
  const runId = (): string | undefined => /run (\d{8}-\d{6}-[0-9a-f]{4})/.exec(command.output().stderr)?.[1];
  await until(() => command.output().stderr.includes("ready after"), 30_000, "the lab is ready");
  const run = runId();
  if (run === undefined) throw new Error(`no run id in ${command.output().stderr}`);
  expect(await leftovers(engine, run)).toHaveLength(4);
  return { command, run };
}

describe("after a run", () => {
  test("that succeeds no container is left", async () => {
    const report = await runCells(choose(["direct/tls-optional/basic-ftp/ftp/pasv/list"]));
    expect(report.summary.outcomes.expected).toBe(1);
    expect(await leftovers(engine, report.run.id)).toEqual([]);
  });

  test("whose lab breaks no container is left", async () => {
    const report = await runCells(choose(["direct/tls-optional/basic-ftp/ftp/pasv/list"]), {
      beforeCells: () => Promise.reject(new Error("broken on purpose")),
    });
    expect(report.summary.outcomes["lab-error"]).toBe(1);
    expect(await leftovers(engine, report.run.id)).toEqual([]);
  });

  test.each([
    ["SIGINT", 1],
    ["SIGTERM", 1],
    // npm passes on what the terminal has sent to both.
    ["SIGINT", 2],
  ] as const)(
    "that %s ends (%i at once), it has cleaned up, written its report and exits with 130",
    async (name, times) => {
      const { command, run } = await startedRun(longRun);
      for (let time = 0; time < times; time += 1) {
        command.child.kill(name);
        // Signals that wait together are one.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { exitCode } = await command.ended;
      expect(exitCode).toBe(130);
      expect(await leftovers(engine, run)).toEqual([]);
      const report = JSON.parse(await readFile(join(folder, "report.json"), "utf8")) as MatrixReport;
      expect(report.run.interrupted).toBe(true);
      expect(report.summary.outcomes.skipped).toBeGreaterThan(0);
    },
  );

  test("that is killed its containers end by themselves within a minute", async () => {
    const { command, run } = await startedRun(longRun);
    command.child.kill("SIGKILL");
    await command.ended;
    await until(async () => (await leftovers(engine, run)).length === 0, 60_000, "the leases end");
  });

  test("that keeps its lab the containers live on until `clean`, which leaves foreign ones alone", async () => {
    const foreign = await engine.docker.createContainer({
      Image: baseImage,
      Cmd: ["sleep", "60"],
      Labels: { "org.example.owner": "somebody-else" },
      HostConfig: { NetworkMode: "none", AutoRemove: true },
    });
    await foreign.start();
    try {
      const cell = "direct/tls-optional/basic-ftp/ftp/pasv/list";
      const { exitCode, stderr } = await matrix([cell, "--keep-lab", "--output", folder]).ended;
      expect(exitCode).toBe(0);
      const run = /run (\d{8}-\d{6}-[0-9a-f]{4})/.exec(stderr)?.[1] ?? "";
      expect(await leftovers(engine, run)).toHaveLength(2);
      await removeOwned(engine);
      expect(await leftovers(engine, run)).toEqual([]);
      expect((await foreign.inspect()).State.Running).toBe(true);
    } finally {
      await foreign.remove({ force: true });
    }
  });
});
