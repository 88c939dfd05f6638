/** What a night does, as command lines of `matrix`: the same on GitHub's machines, one for each shard, and on one machine. */
import { UsageError } from "../../model/errors";
import { didYouMean } from "../../text/nearest";

export type Night = {
  /** Name of a scenario, or `all`. */
  readonly scenario: string;
  /** Names of all scenarios there are. */
  readonly known: readonly string[];
  /** Folder of the run to compare with, which balances the shards too; `null` if there is none. */
  readonly baseline: string | null;
};

/** A cell that fails once is run again, to tell a regression from chance. */
const retries = 2;

/** Arguments that run a shard, such as `1/3`. */
export function shardArguments(night: Night, shard: string, output: string): readonly string[] {
  const durations = night.baseline === null ? [] : ["--durations", night.baseline];
  const names = ["--reporter", "terminal,json,markdown"];
  return [
    "run",
    ...sourcesOf(night),
    "--retries",
    String(retries),
    "--shard",
    shard,
    ...durations,
    ...names,
    "--output",
    output,
  ];
}

/** `earlier` are folders of runs whose history goes on. */
export function mergeArguments(
  shards: readonly string[],
  earlier: readonly string[],
  output: string,
): readonly string[] {
  return ["merge", ...shards, ...earlier.flatMap((folder) => ["--history", folder]), "--output", output];
}

export function compareArguments(baseline: string, output: string): readonly string[] {
  return ["compare", baseline, output];
}

function sourcesOf({ scenario, known }: Night): readonly string[] {
  if (scenario !== "all" && !known.includes(scenario)) {
    throw new UsageError(`there is no scenario "${scenario}"${didYouMean(scenario, known)}`, {
      code: "unknown-scenario",
      hint: `Scenarios are all, ${known.join(", ")}.`,
    });
  }
  return (scenario === "all" ? known : [scenario]).map((name) => `scenarios/${name}.yaml`);
}
