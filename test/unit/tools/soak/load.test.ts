import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { distFolder } from "../../../../harness/lab/project";
import { Load } from "../../../../harness/tools/soak/load";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-load-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("a load runs until it is ended, and leaves neither a process nor a file", async () => {
  const load = await Load.start("some", 1, folder);
  const pids = load.running;
  try {
    expect(pids).toHaveLength(load.parts.length);
    for (const pid of pids) expect(process.kill(pid, 0)).toBe(true);
  } finally {
    await load.end();
  }
  expect(load.running).toEqual([]);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(await readdir(folder)).toEqual([]);
});

test.each(["processor", "disk", "memory"])(
  "a process of it (%s) ends when nobody holds its stdin any more",
  async (kind) => {
    const words = [kind, "8", "100", "1", join(folder, "load")];
    const child = spawn(process.execPath, [join(distFolder, "soak-load.js"), ...words], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(child.exitCode).toBeNull();
    child.stdin.destroy();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await readdir(folder)).toEqual([]);
  },
);
