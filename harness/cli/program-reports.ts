import { Argument, type Command } from "commander";

/** The commands that read reports and start no lab. */
export function addReports(program: Command, finish: (exitCode: number) => void): void {
  program
    .command("merge")
    .description("join the shards of a run into one report, and tell it as if it had run here")
    .addArgument(new Argument("<dirs...>", "the shards' folders"))
    .option("--output <dir>", "put the report straight into this folder")
    .option("--reporter <names>", "as for run")
    .action(async (dirs: string[], options: { readonly output?: string; readonly reporter?: string }) => {
      const { runMerge } = await import("./merge");
      finish(await runMerge(dirs, { output: options.output, reporters: options.reporter?.split(",") }));
    });
  program
    .command("compare")
    .description("what changed between two runs: regressions, fixes, new and gone cells; exit 1 on a regression")
    .addArgument(new Argument("<before>", "folder of a run, or a report.json"))
    .addArgument(new Argument("<after>", "the same"))
    .option("--json", "for machines")
    .action(async (before: string, after: string, options: { readonly json?: boolean }) => {
      const { runCompare } = await import("./compare");
      finish(runCompare(before, after, { json: options.json === true }));
    });
  program
    .command("show")
    .description("serve a run's page to this machine, and open it in a browser where there is a display")
    .addArgument(new Argument("[dir]", "folder of a run").default(undefined, "the newest run"))
    .option("--no-open", "only print the address")
    .action(async (dir: string | undefined, options: { readonly open: boolean }) => {
      const { runShow } = await import("./show");
      finish(await runShow(dir, { open: options.open }));
    });
}
