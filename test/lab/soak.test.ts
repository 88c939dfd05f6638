import { mkdir, mkdtemp, open, readFile, rm, writeFile, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import type { RunningLab } from "../../harness/lab/lab-port";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { RunHooks } from "../../harness/run/matrix-run";
import type { SoakResult } from "../../harness/tools/soak/run-soak";
import { isSound } from "../../harness/tools/soak/table";
import { matrix } from "../support/command";
import { catalog, choose } from "../support/lab-run";

jest.setTimeout(240_000);

const cells = ["direct/tls-optional/basic-ftp/ftp/*/list", "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/list"];

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
    [5, 0, 0],
    [5, 0, 0],
  ]);
  expect(result.loadLost).toBe(0);
});

test("an interrupted soak has ended its load and its labs, and says what it had counted", async () => {
  const command = matrix(["soak", "--minutes", "5", "--load", "some", "--cells", cells.join()]);
  while (!/^ +1 /m.test(command.output().stdout)) await new Promise((resolve) => setTimeout(resolve, 200));
  command.child.kill("SIGINT");
  const { exitCode, stdout } = await command.ended;
  expect(stdout).toMatch(/load some, interrupted\n[^]*left behind: 0\n/);
  expect(exitCode).toBe(130);
});

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

test("a verdict that changes is found", async () => {
  const result = await soakWith((lab) => lab.setForwarding(false));
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
  expect(result.leaks).toEqual([]);
  expect(isSound(result)).toBe(false);
});

test("a container, a descriptor and a file that a run leaves are found", async () => {
  const handles: FileHandle[] = [];
  const made: { readonly remove: () => Promise<unknown> }[] = [];
  try {
    const result = await soakWith(async (lab, engine, temporary) => {
      const [name = ""] = lab.containers.values();
      const { Config, Image } = await engine.docker.getContainer(name).inspect();
      made.push(await engine.docker.createContainer({ name: `${name}-left`, Image, Labels: Config.Labels }));
      handles.push(await open(join(folder, "held"), "w"));
      await writeFile(join(temporary, "left"), "");
    });
    expect(result.leaks).toEqual([
      { run: 2, kind: "descriptors", name: join(folder, "held") },
      { run: 2, kind: "containers", name: expect.stringMatching(/-left$/) as unknown },
      { run: 2, kind: "files", name: "left" },
    ]);
    expect(result.flips).toEqual([]);
    expect(isSound(result)).toBe(false);
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
    await Promise.all(made.map((container) => container.remove()));
  }
});
