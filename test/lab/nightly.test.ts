import { spawn } from "node:child_process";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportJson } from "../../reports/forms/json";
import { parseReport } from "../../reports/parse-report";
import type { MatrixReport } from "../../harness/model/report";
import { matrix } from "../support/command";

jest.setTimeout(180_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nightly-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The very command that the workflow runs, on this machine. */
function nightly(args: readonly string[]): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  const child = spawn("npm", ["run", "--silent", "nightly", "--", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, CI: "true", NO_COLOR: "1", LANG: "C.UTF-8" },
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({ exitCode, stdout });
    });
  });
}

async function reportIn(name: string): Promise<MatrixReport> {
  const file = join(folder, name, "report.json");
  return parseReport(await readFile(file, "utf8"), file);
}

/** All that a run says of its cells, labs and controls, but how long it took and which ports chance chose. */
function compared({ run, summary, controls, cells, claims }: MatrixReport) {
  return {
    summary,
    claims,
    versions: run.versions,
    labs: Object.keys(run.labs ?? {}).sort(),
    controls: controls.map(({ id, outcome }) => `${id} ${outcome}`).sort(),
    cells: cells.map((cell) => ({
      ...cell,
      durationMs: 0,
      message: cell.message?.replace(/:\d{5}\b/, ":port") ?? null,
    })),
  };
}

test("a night in three shards, merged, is the unsharded run, and is compared with it", async () => {
  const whole = await matrix(["scenarios/smoke.yaml", "--output", join(folder, "whole")]).ended;
  expect(whole.exitCode).toBe(0);
  const options = ["--scenario", "smoke", "--output", join(folder, "night"), "--baseline", join(folder, "whole")];
  const night = await nightly(options);
  expect(night.stdout).toContain("not worse · 0 regressions · 0 fixed · 0 changed · 0 new · 0 gone · 24 cells in both");
  expect(night.exitCode).toBe(0);
  const merged = await reportIn("night/report");
  expect(compared(merged)).toEqual(compared(await reportIn("whole")));
  const shards = await Promise.all([1, 2, 3].map((index) => reportIn(`night/shard-${index}`)));
  expect(shards.every(({ cells }) => cells.length > 0)).toBe(true);
  expect(merged.run.argv).toEqual(["run", "scenarios/smoke.yaml", "--retries", "2"]);

  // The next night, of which a shard was lost and another brought a regression.
  const [first, second] = shards;
  const [cell, ...others] = second!.cells;
  const worse = { ...cell!, result: "failed", stage: "login", outcome: "unexpected" } as const;
  await writeFile(join(folder, "night/shard-2/report.json"), reportJson({ ...second!, cells: [worse, ...others] }));
  await rm(join(folder, "night/shard-3"), { recursive: true });
  await rename(join(folder, "night/report"), join(folder, "first"));
  const earlier = ["--baseline", join(folder, "whole"), "--previous", join(folder, "first")];
  const next = await nightly(["finish", join(folder, "night"), ...earlier, "--output", join(folder, "second")]);
  expect(next.exitCode).toBe(3);
  expect(next.stdout).toMatch(/Regressions: 1\n {2}\S+ {2}worked → failed at login, unexpected/);
  const { cells, history } = await reportIn("second");
  expect(cells).toHaveLength(first!.cells.length + second!.cells.length);
  expect(history?.runs.map(({ id }) => id)).toEqual([(await reportIn("whole")).run.id, merged.run.id]);
  expect(history?.cells[cell!.id]).toBe("ww");
});
