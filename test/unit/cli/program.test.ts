import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { buildProgram, commandNames } from "../../../harness/cli/program";

const build = (...argv: readonly string[]): Promise<CommandUnknownOpts> => buildProgram(argv, () => undefined);
const namesOf = (program: CommandUnknownOpts): readonly string[] => program.commands.map((command) => command.name());

/** A command's help as an 80-column terminal shows it. */
function helpOf(command: CommandUnknownOpts): string {
  let text = "";
  command.configureOutput({ getOutHelpWidth: () => 80, writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

describe("the program", () => {
  it("has a command for each file, under the file's name", async () => {
    const files = readdirSync(join(__dirname, "../../../harness/cli/commands"));
    const names = namesOf(await build("--help"));
    expect([...names].sort()).toEqual(files.map((name) => name.replace(/\.ts$/, "")).sort());
    expect(names).toEqual(commandNames);
  });

  it.each<readonly [argv: readonly string[], names: readonly string[]]>([
    [["list", "--json"], ["list"]],
    [["compare", "--help"], ["compare"]],
    [["--version"], []],
    [[], ["run"]],
    [["--topology", "direct"], ["run"]],
    [["scenarios/smoke.yaml"], ["run"]],
    [["--", "list"], ["list"]],
    [["--", "--version"], ["run"]],
    [["lst"], ["run"]],
  ])("reads no more files for %j than of %j", async (argv, names) => {
    expect(namesOf(await build(...argv))).toEqual(names);
  });

  it.each([[["--help"]], [["help"]], [["help", "list"]], [["scenarios/smoke.yaml", "-h"]]])(
    "reads all of them for %j",
    async (argv) => {
      expect(namesOf(await build(...argv))).toEqual(commandNames);
    },
  );

  it("fits the help of all commands, and its own, into 80 columns", async () => {
    const program = await build("--help");
    for (const command of [program, ...program.commands]) {
      const lines = helpOf(command).split("\n");
      expect([command.name(), lines.filter((line) => line.length > 80)]).toEqual([command.name(), []]);
      expect(lines[0]).toMatch(/^Usage: ftp-nat-matrix/);
    }
  });

  it("tells of each command in one line, and of what `run` takes, on its first page", async () => {
    const program = await build("--help");
    const help = helpOf(program);
    for (const command of program.commands) {
      expect(command.summary()).not.toBe("");
      expect(help).toMatch(new RegExp(`^  ${command.name()} .*${command.summary()}$`.replace(/[()]/g, "."), "m"));
    }
    for (const words of ["--topology <ids>", "--shard <i/n>", "Examples:", "Exit codes:"])
      expect(help).toContain(words);
  });
});
