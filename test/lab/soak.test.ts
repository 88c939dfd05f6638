import { spawn } from "node:child_process";
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import type { RunningLab } from "../../harness/lab/lab-port";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { RunHooks } from "../../harness/run/matrix-run";
import type { SoakResult } from "../../harness/tools/soak/run-soak";
import { isSound } from "../../harness/tools/soak/table";
import { matrix, type Command } from "../support/command";
import { catalog, choose, until } from "../support/lab-run";

jest.setTimeout(60_000);

const cells = ["direct/tls-optional/basic-ftp/ftp/epsv/list", "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list"];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-soak-test-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("two runs beside a load come to the same verdicts and leave nothing", async () => {
  const file = join(folder, "soak.json");
  const words = ["soak", "--runs", "2", "--load", "some", "--seed", "5", "--cells", cells.join(), "--json", file];
  const { exitCode, stdout } = await matrix(words).ended;
  expect(stdout).toContain("left behind: 0");
  expect(exitCode).toBe(0);
  const result = JSON.parse(await readFile(file, "utf8")) as SoakResult;
  expect(result.runs.map((run) => [run.cells, run.unexpected, run.flips])).toEqual([
    [2, 0, 0],
    [2, 0, 0],
  ]);
  expect(result.loadLost).toBe(0);
});

test("a soak that a signal ends in its first run cleans up and calls no cell undecided; after a second signal no file is left", async () => {
  const [patient, hasty] = [await startedSoak("patient"), await startedSoak("hasty")];
  patient.child.kill("SIGINT");
  hasty.child.kill("SIGTERM");
  await delay(600);
  hasty.child.kill("SIGTERM");
  const { exitCode, stdout } = await patient.ended;
  expect(stdout).toMatch(/load some, interrupted\n[^]*never decided: 0\nleft behind: 0\n/);
  expect([exitCode, (await hasty.ended).exitCode]).toEqual([130, 130]);
  const left = async (): Promise<readonly string[]> => readdir(folder, { recursive: true });
  await until(async () => (await left()).length === 2, 2000, "both temporary folders are empty");
});

/** A soak beside a load, in its first run; its temporary files are in a folder of that name. */
async function startedSoak(name: string): Promise<Command> {
  const temporary = join(folder, name);
  await mkdir(temporary);
  const words = ["soak", "--minutes", "5", "--load", "some", "--cells", cells.join()];
  const command = matrix(words, { TMPDIR: temporary });
  const hasRun = async (): Promise<boolean> =>
    (await readdir(temporary, { recursive: true })).some((path) => /\/\d{8}-\d{6}-/.test(path));
  await until(hasRun, 30_000, "the first run has a folder");
  return command;
}

/** Does something in the second run's lab, after a first one that was left alone. */
async function soakWith(
  plant: (lab: RunningLab, engine: Engine, temporary: string) => Promise<void>,
): Promise<SoakResult> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { runSoak } = await import("../../harness/tools/soak/run-soak.ts");
  const own = join(folder, "own");
  const temporary = join(own, "temporary");
  await mkdir(temporary, { recursive: true });
  let labs = 0;
  const hooks: RunHooks = {
    beforeCells: async (lab) => {
      labs += 1;
      if (labs === 2) await plant(lab, engine, temporary);
    },
  };
  const planned = choose(["server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list"]);
  const request = { catalog, planned, seed: 1, minutes: 5, mostRuns: 2, load: "none" as const, workers: 8 };
  const signal = new AbortController().signal;
  return runSoak({ ...request, folder: own, keep: null, hooks }, engine, () => undefined, signal);
}

test("a verdict that changes, and a container, a descriptor, a process and a file that a run leaves, are found", async () => {
  const undo: (() => unknown)[] = [];
  try {
    const result = await soakWith(async (lab, engine, temporary) => {
      await lab.setForwarding(false);
      const [name = ""] = lab.containers.values();
      const { Config, Image } = await engine.docker.getContainer(name).inspect();
      const made = await engine.docker.createContainer({ name: `${name}-left`, Image, Labels: Config.Labels });
      undo.push(() => made.remove());
      const held = await open(join(folder, "held"), "w");
      undo.push(() => held.close());
      const child = spawn("sleep", ["60"], { env: { TMPDIR: temporary }, stdio: "ignore" });
      undo.push(() => child.kill());
      await writeFile(join(temporary, "left"), "");
    });
    expect(result.flips).toMatchObject([
      {
        cell: "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list",
        verdicts: [
          { verdict: "worked", runs: [1] },
          { verdict: expect.stringMatching(/^failed/) as unknown, runs: [2] },
        ],
      },
    ]);
    expect(result.deviations).toMatchObject([{ run: 2, outcome: "unexpected" }]);
    expect(result.leaks).toEqual([
      { run: 2, kind: "descriptors", name: join(folder, "held") },
      { run: 2, kind: "containers", name: expect.stringMatching(/-left$/) as unknown },
      { run: 2, kind: "processes", name: expect.stringMatching(/^\d+ sleep 60$/) as unknown },
      { run: 2, kind: "files", name: "left" },
    ]);
    expect(isSound(result)).toBe(false);
  } finally {
    await Promise.all(undo.map((action) => action()));
  }
});
