import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectEngine } from "../../harness/lab/engine";
import { coreImages } from "../../harness/lab/image-definitions";
import { projectRoot } from "../../harness/lab/project";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { makeRunId } from "../../harness/run/run-id";
import type { LabFault } from "../../harness/tools/lab-faults/kinds";
import { randomOf } from "../../harness/tools/random";

jest.setTimeout(60_000);

const cells = [
  ...["--topology", "server-nat-helper", "--server", "tls-optional", "--client", "basic-ftp", "--mode", "ftp"],
  ...["--data", "pasv,port", "--operation", "list", "--repeat-each", "4"],
];

test("a run that is terminated or interrupted leaves nothing, and all is as it must be", async () => {
  const words = ["dev/lab-faults", "--only", "term,int", "--cells", cells.join(" ")];
  const child = spawn(process.execPath, [join(projectRoot, "harness/start.cjs"), ...words], { cwd: projectRoot });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  expect(stdout).toMatch(/^term +1 rounds, 1 hit, all as they must be\nint +1 rounds, 1 hit, all as they must be$/m);
  expect(exitCode).toBe(0);
});

test("what a broken run leaves, a wrong exit code and results that are lost are found", async () => {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { PatchPanel } = await import("../../harness/lab/patch-panel.ts");
  const { imagesOf } = await import("../../harness/lab/site-images.ts");
  const { runRound } = await import("../../harness/tools/lab-faults/round.ts");
  const { router } = await imagesOf(engine, coreImages, () => undefined, new AbortController().signal);
  const panel = await PatchPanel.start(engine, router, makeRunId(new Date()));
  /** Ends a run after its lab, and takes away what it would have left behind. */
  const planted: LabFault = {
    id: "planted",
    what: "a file and a report that is gone",
    strike: async (session) => {
      if (session.toldCells === 0) return false;
      await session.endWithin(20_000);
      await writeFile(join(session.places.temporary, "left"), "");
      await writeFile(join(session.places.output, ".write-1.tmp"), "");
      return true;
    },
  };
  try {
    const site = { engine, panel, cells, usualMs: 1000, goneWithinMs: 500 };
    const { faults, cells: counts } = await runRound(planted, 1, randomOf(1, 1), site);
    expect(faults).toEqual(["left: files: left", "left in the output: .write-1.tmp"]);
    expect(counts).toEqual({ decided: 8, labErrors: 0, skipped: 0 });
  } finally {
    await panel.stop();
  }
});

test("a run that does not even begin is no run to break", async () => {
  const words = ["dev/lab-faults", "--only", "int", "--cells", "no-such-network"];
  const child = spawn(process.execPath, [join(projectRoot, "harness/start.cjs"), ...words], { cwd: projectRoot });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  expect(stderr).toContain("the run that is to be broken ends with exit 2 by itself");
  expect(exitCode).toBe(3);
});
