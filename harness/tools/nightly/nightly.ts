/** `npm run nightly`: the steps of `.github/workflows/nightly.yml`, each of which runs on any machine. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { readReport } from "../../../reports/read-report";
import { latestFolder, matrixProgram, projectRoot } from "../../lab/project";
import { parseShard, wholeNumber } from "../option-values";
import { outliveReaders } from "../outlive-readers";
import { describeError, exitCodes, HarnessError } from "../../model/errors";
import { ensureLabels, lastNight, openIssues, perform } from "./gh";
import { actionText, planIssues } from "./issue-plan";
import { regressionsOf } from "./regressions";
import { shardFolders } from "./shard-folders";
import { compareArguments, mergeArguments, shardArguments, type Night } from "./sequence";

type Options = {
  readonly scenario: string;
  readonly baseline?: string;
  readonly previous?: string;
  readonly output: string;
};

const nights = { workflow: "nightly.yml", artefact: "report" };

/** Runs `matrix` in a process of its own, which writes where this one writes; gives its exit code. */
function matrix(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...matrixProgram, ...args], {
    cwd: projectRoot,
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code ?? exitCodes.interrupted);
    });
  });
}

function nightOf({ scenario, baseline }: Pick<Options, "scenario" | "baseline">): Night {
  const files = readdirSync(join(projectRoot, "scenarios")).filter((name) => name.endsWith(".yaml"));
  const known = files.map((name) => name.slice(0, -".yaml".length)).sort();
  return { scenario, known, baseline: ifThere(baseline) };
}

/** A first night has nothing to be compared with. */
function ifThere(folder: string | undefined): string | null {
  return folder !== undefined && existsSync(join(folder, "report.json")) ? folder : null;
}

/** A shard's surprises are judged when all shards are there; only a lab that broke ends it badly. */
async function runShard(night: Night, shard: string, output: string): Promise<number> {
  const code = await matrix(shardArguments(night, shard, output));
  return code === exitCodes.unexpected ? exitCodes.expected : code;
}

/** Joins the shards and compares with the baseline: green only where all is as expected and nothing is worse. */
async function finish(
  shards: readonly string[],
  { baseline, previous }: { readonly baseline: string | null; readonly previous: string | null },
  output: string,
): Promise<number> {
  const earlier = [baseline, previous].filter((folder) => folder !== null);
  const merged = await matrix(mergeArguments(shards, earlier, output));
  if (baseline === null || merged === exitCodes.usage) return merged;
  return Math.max(merged, await matrix(compareArguments(baseline, output)));
}

async function runAll(options: Options, count: number): Promise<number> {
  const night = nightOf(options);
  const folders = Array.from({ length: count }, (_, index) => join(options.output, `shard-${index + 1}`));
  for (const [index, folder] of folders.entries()) {
    const code = await runShard(night, `${index + 1}/${count}`, folder);
    if (code === exitCodes.usage || code === exitCodes.interrupted) return code;
  }
  const earlier = { baseline: night.baseline, previous: ifThere(options.previous) };
  return finish(folders, earlier, join(options.output, "report"));
}

async function runIssues(folder: string, isDry: boolean): Promise<void> {
  const report = readReport(folder);
  const actions = planIssues(regressionsOf(report), await openIssues(), !report.run.interrupted);
  if (!isDry && actions.length > 0) await ensureLabels();
  for (const action of actions) {
    process.stdout.write(`${actionText(action)}\n`);
    if (!isDry) await perform(action);
  }
  if (actions.length === 0) process.stdout.write("no issue to open or close\n");
}

function buildProgram(done: (exitCode: number) => void): Command {
  const program = new Command("nightly").description(
    "The steps of the nightly run, each of which runs on any machine.",
  );
  const scenario = new Option("--scenario <name>", "name of a scenario, or all").default("all");
  const baseline = new Option("--baseline <dir>", "folder of the run to compare with; ignored if it has no report");
  const previous = new Option("--previous <dir>", "folder of the previous run, good or bad; its history is continued");
  const output = new Option("--output <dir>", "where the result goes").makeOptionMandatory();
  program
    .command("all", { isDefault: true })
    .description("one shard after the other, merge, compare")
    .addOption(scenario)
    .addOption(baseline.default(latestFolder))
    .addOption(previous)
    .addOption(output)
    .option("--shards <n>", "number of shards", wholeNumber(1, 100), 3)
    .action(async (options: Options & { readonly shards: number }) => {
      done(await runAll(options, options.shards));
    });
  program
    .command("shard <i/n>")
    .description("one shard")
    .addOption(scenario)
    .addOption(new Option(baseline.flags, baseline.description))
    .addOption(output)
    .action(async (shard: string, options: Options) => {
      parseShard(shard);
      done(await runShard(nightOf(options), shard, options.output));
    });
  program
    .command("finish <dir>")
    .description("merge the shards in a folder's folders, and compare")
    .addOption(new Option(baseline.flags, baseline.description))
    .addOption(previous)
    .addOption(output)
    .action(async (dir: string, options: Omit<Options, "scenario">) => {
      const earlier = { baseline: ifThere(options.baseline), previous: ifThere(options.previous) };
      done(await finish(shardFolders(dir), earlier, options.output));
    });
  program
    .command("baseline <dir>")
    .description("fetch the report of the last green night into a folder")
    .action(async (dir: string) => {
      const isThere = await lastNight({ ...nights, status: "success" }, dir);
      process.stdout.write(isThere ? `the last green night is in ${dir}\n` : "there was no green night yet\n");
    });
  program
    .command("previous <dir>")
    .description("fetch the report of the last night, good or bad, into a folder")
    .action(async (dir: string) => {
      const isThere = await lastNight({ ...nights, status: "completed" }, dir);
      process.stdout.write(isThere ? `the last night is in ${dir}\n` : "there was no night yet\n");
    });
  program
    .command("issues <dir>")
    .description("open an issue for each regression of a report, close those not seen for two nights")
    .option("--dry-run", "only say what would be done")
    .action(async (dir: string, options: { readonly dryRun?: boolean }) => {
      await runIssues(dir, options.dryRun === true);
    });
  return program;
}

async function main(): Promise<number> {
  let exitCode: number = exitCodes.expected;
  try {
    await buildProgram((code) => {
      exitCode = code;
    }).parseAsync(process.argv.slice(2), { from: "user" });
    return exitCode;
  } catch (error) {
    const { message, hint } = describeError(error);
    process.stderr.write(`error: ${message}\n${hint === null ? "" : `  → ${hint}\n`}`);
    return error instanceof HarnessError ? error.exitCode : exitCodes.lab;
  }
}

outliveReaders();
void main().then((exitCode) => {
  process.exitCode = exitCode;
});
