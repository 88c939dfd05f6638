import { Command } from "@commander-js/extra-typings";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlannedCell } from "../../model/cell";
import { exitCodes } from "../../model/errors";
import { connectEngine, type Engine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import type { Catalog } from "../../plan/planned-cells";
import type { EvidencePolicy } from "../../evidence/recording/store";
import type { MatrixRun } from "../../run/matrix-run";
import { isAsExpected } from "../../run/judge";
import { namedCells } from "../cell-choice";
import type { DeclareCommand } from "../command";
import { defaultWorkers } from "../workers";
import { loadCatalog } from "../catalog";
import { matrixProgram, projectRoot } from "../../lab/project";
import { selectCells } from "../select-cells";
import { interruptible } from "../signals";
import { noUserFiles } from "../user-files";
import { makeRunId } from "../../run/run-id";

export const command: DeclareCommand = ({ finish }) =>
  new Command("bench")
    .summary("measure how fast the lab is")
    .description("measure the matrix, a single cell, and the usual way: a fresh lab on Docker networks for each cell")
    .option("--quick", "do not run the full matrix")
    .action(async ({ quick = false }) => {
      finish(await runBench({ quick }));
    });

/** Cells that both ways run: a listing, a transfer, a blocked one and CCC. */
const sample = ["ftp/pasv/list", "ftp/port/download", "ftps/pasv/list", "ftps/epsv/list", "ftps-ccc/epsv/upload"].map(
  (cell) => `server-nat-helper/tls-optional/basic-ftp/${cell}`,
);

/**
 * `bench`: prints what was measured, one figure a line, and the ratio to the usual way, from the same run on the same
 * machine. A program and no test: nothing here passes or fails.
 */
async function runBench({ quick }: { readonly quick: boolean }): Promise<number> {
  const catalog = loadCatalog();
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const interrupt = interruptible(() => undefined);
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-bench-"));
  const bench = { engine, catalog, folder, signal: interrupt.signal };
  try {
    for (const id of [sample[0], sample[3]].flatMap((cell) => cell ?? [])) {
      print(`one cell, command to exit: ${id}`, await timeCommand([id, "--output", folder]));
    }
    const cells = choose(catalog, sample);
    const fresh = await timeFresh(bench, cells);
    print(`a cell with a fresh lab on Docker networks (mean of ${cells.length})`, fresh);
    const shared = await timeShared(bench, cells, 20);
    print(`the same cells 20 times in one shared lab (${cells.length * 20})`, shared);
    printRatio("the same cells", fresh, shared / (cells.length * 20));
    if (!quick) {
      const core = choose(catalog, []);
      const without = await timeShared(bench, core, 1);
      print(`the core matrix (${core.length} cells), hearing the client alone`, without);
      const all = await timeShared(bench, core, 1, "retain-on-unexpected");
      print(`the core matrix (${core.length} cells), with evidence`, all);
      process.stdout.write(`  evidence costs ${((all / without - 1) * 100).toFixed(0)} %\n`);
      printRatio("a cell of the core matrix", fresh, all / core.length);
    }
    process.stdout.write(`peak memory of the harness: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`);
    return interrupt.signal.aborted ? exitCodes.interrupted : exitCodes.expected;
  } finally {
    await rm(folder, { recursive: true, force: true });
    interrupt.release();
  }
}

type Bench = {
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly folder: string;
  readonly signal: AbortSignal;
};

function print(what: string, ms: number): void {
  const time = ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
  process.stdout.write(`${what}: ${time}\n`);
}

function printRatio(what: string, freshMs: number, sharedMs: number): void {
  process.stdout.write(`${what}: ${sharedMs.toFixed(0)} ms each, ${(freshMs / sharedMs).toFixed(1)} times cheaper\n`);
}

function choose(catalog: Catalog, sources: readonly string[]): readonly PlannedCell[] {
  return selectCells(namedCells(sources), noUserFiles, catalog).planned;
}

/** Cells in shared labs, as `run` runs them; @returns ms from nothing running to nothing running. */
async function timeShared(
  bench: Bench,
  planned: readonly PlannedCell[],
  repeatEach: number,
  evidence: EvidencePolicy = "off",
): Promise<number> {
  const { runMatrix } = await import("../../run/run-matrix.ts");
  const startedAt = performance.now();
  const { topologies, profiles } = bench.catalog;
  const run: MatrixRun = {
    id: makeRunId(new Date()),
    argv: [],
    cells: { planned, topologies, profiles },
    settings: { repeatEach, retries: 0, failFast: false, workers: defaultWorkers, keepLab: false },
    output: { folder: bench.folder, evidence, tellsExamples: true },
  };
  const { summary } = await runMatrix(run, bench.engine, () => undefined, bench.signal);
  const strange = summary.total - summary.outcomes.expected;
  if (strange > 0) process.stdout.write(`  (${strange} cells were not as expected)\n`);
  return performance.now() - startedAt;
}

/** Each cell with networks and containers of its own, one after another; @returns mean ms. */
async function timeFresh(bench: Bench, cells: readonly PlannedCell[]): Promise<number> {
  const { openSite } = await import("../../lab/open-site.ts");
  const { runOnDockerNetworks } = await import("../../tools/bench/docker-networks.ts");
  const { signal } = bench;
  const site = await openSite(bench.engine, {
    run: makeRunId(new Date()),
    images: [],
    notice: () => undefined,
    signal,
  });
  try {
    const startedAt = performance.now();
    for (const planned of cells) {
      const topology = bench.catalog.topologies.get(planned.cell.topology);
      const profile = bench.catalog.profiles.get(planned.cell.server);
      if (topology === undefined || profile === undefined || bench.signal.aborted) continue;
      const attempt = await runOnDockerNetworks(site, planned, topology, profile);
      if (!isAsExpected(attempt, planned.expected)) {
        process.stdout.write(
          `  (not as expected: ${planned.cell.id}: ${attempt.stage ?? ""} ${attempt.message ?? ""})\n`,
        );
      }
    }
    return (performance.now() - startedAt) / cells.length;
  } finally {
    await site.close();
  }
}

/** The command line in a process of its own; @returns ms until its exit. */
async function timeCommand(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const command = [...matrixProgram, ...args];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: projectRoot, stdio: "ignore" });
    child.once("error", reject);
    child.once("close", () => {
      resolve();
    });
  });
  return performance.now() - startedAt;
}
