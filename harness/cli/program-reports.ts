import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import { shells, type Shell } from "./completion";

type MergeFlags = { readonly output?: string; readonly reporter?: string; readonly history: readonly string[] };

/** The commands that read reports, or the program itself, and start no lab. */
export function addReports(program: Command, finish: (exitCode: number) => void): void {
  program
    .command("merge")
    .description("join the shards of a run into one report, and tell it as if it had run here")
    .addArgument(new Argument("<dirs...>", "the shards' folders"))
    .option("--output <dir>", "put the report straight into this folder")
    .addOption(
      new Option("--history <dir>", "folder of an earlier run, whose own history goes on; may be given again")
        .default([], "none")
        .argParser((dir, dirs: readonly string[]) => [...dirs, dir]),
    )
    .option("--reporter <names>", "as for run")
    .action(async (dirs: string[], options: MergeFlags) => {
      const { runMerge } = await import("./merge.ts");
      const { output, history, reporter } = options;
      finish(await runMerge(dirs, { output, history, reporters: reporter?.split(",") }));
    });
  program
    .command("compare")
    .description("what changed between two runs: regressions, fixes, new and gone cells; exit 1 on a regression")
    .addArgument(new Argument("<before>", "folder of a run, or a report.json"))
    .addArgument(new Argument("<after>", "the same"))
    .option("--json", "for machines")
    .action(async (before: string, after: string, options: { readonly json?: boolean }) => {
      const { runCompare } = await import("./compare.ts");
      finish(runCompare(before, after, { json: options.json === true }));
    });
  program
    .command("show")
    .description("serve a run's page to this machine, and open it in a browser where there is a display")
    .addArgument(new Argument("[dir]", "folder of a run, or a report in it").default(undefined, "the newest run"))
    .option("--no-open", "only print the address")
    .action(async (dir: string | undefined, options: { readonly open: boolean }) => {
      const { runShow } = await import("./show.ts");
      finish(await runShow(dir, { open: options.open }));
    });
  program
    .command("completion")
    .description("print completions for a shell, of a program called matrix (or --name)")
    .addArgument(new Argument("<shell>", "whose").choices(shells))
    .addOption(new Option("--name <word>", "what the program is called").default("matrix").argParser(commandWord))
    .action(async (shell: Shell, options: { readonly name: string }) => {
      const { completionScript } = await import("./completion.ts");
      process.stdout.write(completionScript(program, shell, options.name));
    });
}

/** It becomes part of a shell's text. */
function commandWord(text: string): string {
  if (/^[a-z][a-z0-9_-]*$/.test(text)) return text;
  throw new InvalidArgumentError("Expected a word of lower-case letters, digits, - and _.");
}
