import { Command, Option } from "@commander-js/extra-typings";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { exitCodes } from "../../model/errors";
import { wholeNumber } from "../../tools/option-values";
import { loadLevels, type LoadLevel } from "../../tools/soak/load-plan";
import { namedCells } from "../cell-choice";
import type { DeclareCommand } from "../command";
import { selectCells } from "../select-cells";
import { interruptible } from "../signals";
import { defaultWorkers } from "../workers";

export const command: DeclareCommand = ({ finish }) =>
  new Command("soak")
    .summary("run cells again and again, and count flips and leaks")
    .description(
      "run the same cells again and again in random order, and count verdicts that change and what runs leave behind",
    )
    .option("--minutes <n>", "begin no run after so many minutes", wholeNumber(1, 100_000), 10)
    .option("--runs <n>", "end after so many runs", wholeNumber(1, 100_000))
    .option("--seed <n>", "the same seed gives the same orders", wholeNumber(0, 2 ** 31), 1)
    .addOption(
      new Option("--load <how-much>", "random load beside it: processor, disk, memory")
        .choices(loadLevels)
        .default("none" satisfies LoadLevel),
    )
    .option("--cells <patterns>", "cell ids, comma-separated; * matches (default: the core matrix)")
    .option("--json <file>", "write everything that was counted")
    .option("--keep <dir>", "keep reports, and recordings of cells that were not as expected, by run")
    .action(async (options) => {
      finish(await runCommand(options));
    });

type Options = {
  readonly minutes: number;
  readonly runs?: number | undefined;
  readonly seed: number;
  readonly load: LoadLevel;
  readonly cells?: string | undefined;
  readonly json?: string | undefined;
  readonly keep?: string | undefined;
};

/** `soak`: 1 if a verdict changed, a cell was not as expected, or something was left. */
async function runCommand({ minutes, runs, seed, load, cells, json, keep }: Options): Promise<number> {
  const { planned, catalog } = selectCells(namedCells(cells?.split(",") ?? []));
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-soak-"));
  // Also where a second signal ends it at once.
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  // Whatever asks for the temporary folder from here on gets one that nobody else uses: what is left in it is the runs'.
  process.env["TMPDIR"] = join(folder, "temporary");
  await mkdir(join(folder, "temporary"));
  const { runSoak } = await import("../../tools/soak/run-soak.ts");
  const { isSound, runLine, summaryText, tableHead } = await import("../../tools/soak/table.ts");
  const interrupt = interruptible(() => process.stderr.write("ending the labs and the load\n"));
  try {
    process.stdout.write(`${tableHead}\n`);
    const result = await runSoak(
      {
        catalog,
        planned,
        seed,
        minutes,
        mostRuns: runs ?? null,
        load,
        workers: defaultWorkers,
        folder,
        keep: keep ?? null,
      },
      engine,
      (run) => process.stdout.write(`${runLine(run)}\n`),
      interrupt.signal,
    );
    process.stdout.write(`\n${summaryText(result)}\n`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
    if (result.interrupted) return exitCodes.interrupted;
    if (result.broke !== null) return exitCodes.lab;
    return isSound(result) ? exitCodes.expected : exitCodes.unexpected;
  } finally {
    interrupt.release();
  }
}
