import { Command } from "@commander-js/extra-typings";
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { createRunFolder } from "../../../reports";
import { visible } from "../../text/escape";
import { historyOf } from "../../../reports/history";
import { exitCodes, UsageError } from "../../model/errors";
import type { RunEvent } from "../../model/events";
import { mergeReports } from "../../run/merge-reports";
import { replay } from "../../run/replay";
import { makeRunId } from "../../run/run-id";
import { exitCodeOf } from "../../run/exit-code";
import { reportsFolder } from "../../lab/project";
import { readReport } from "../../../reports/read-report";
import type { DeclareCommand } from "../command";
import { repeatable } from "../repeatable";
import { exitCodeAfter, reportersHere } from "../reporters";

type MergeOptions = {
  readonly output: string | undefined;
  readonly reporters: readonly string[] | undefined;
  /** Folders of earlier runs. */
  readonly history: readonly string[];
};

export const command: DeclareCommand = ({ finish }) =>
  new Command("merge")
    .summary("join the shards of a run")
    .description("join the shards of a run into one report, as if all of it had run here")
    .argument("<dirs...>", "the shards' folders")
    .option("--output <dir>", "put the report straight into this folder")
    .addOption(repeatable("--history <dir>", "folder of an earlier run, whose history is continued; repeatable"))
    .option("--reporter <names>", "as for run")
    .action(async (folders, { output, history, reporter }) => {
      finish(await runMerge(folders, { output, history, reporters: reporter?.split(",") }));
    });

/** `merge`: shards' folders → the folder of the whole run; the reporters get its events as if it had run here. */
async function runMerge(folders: readonly string[], options: MergeOptions): Promise<number> {
  const { output } = options;
  if (output !== undefined && folders.some((folder) => resolve(folder) === resolve(output))) {
    throw new UsageError(`--output ${output} is the folder of one of the shards`, {
      code: "output-is-input",
      hint: "Name another folder.",
    });
  }
  const id = makeRunId(new Date());
  const shards = folders.map((name) => ({ name, report: readReport(name) }));
  const { report: joined, missing } = mergeReports(id, shards);
  const earlier = options.history.map(readReport);
  const report = earlier.length === 0 ? joined : { ...joined, history: historyOf(earlier, joined.cells) };
  const reporters = reportersHere(options.reporters);
  const folder = await createRunFolder(reportsFolder, id, output);
  const lost: string[] = [];
  for (const { name, report: shard } of shards) {
    for (const path of shard.cells.flatMap(({ evidence }) => evidence)) {
      if (!(await copyEvidence(name, folder, path))) lost.push(path);
    }
  }
  const notices = [
    ...missing.map((index) => `shard ${index} of ${String(shards[0]?.report.run.shard?.count)} is missing`),
    ...(lost.length === 0 ? [] : [`${lost.length} evidence files are missing, such as ${visible(lost[0] ?? "")}`]),
  ];
  const events: readonly RunEvent[] = [
    ...notices.map((text) => ({ kind: "notice" as const, text })),
    ...replay(report, folder),
  ];
  for (const event of events) for (const reporter of reporters) reporter.onEvent(event);
  for (const reporter of reporters) await reporter.close?.();
  return exitCodeAfter(reporters, missing.length > 0 ? exitCodes.lab : exitCodeOf(report));
}

/** Copies a file that a report names, whose path the report's schema keeps within its folder; false where there is none. */
async function copyEvidence(from: string, to: string, path: string): Promise<boolean> {
  try {
    const source = await realpath(join(from, path));
    // A link in a foreign artefact might lead anywhere.
    const isWithin = source.startsWith((await realpath(from)) + sep);
    if (!isWithin || !(await lstat(source)).isFile()) return false;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(source, join(to, path), constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
