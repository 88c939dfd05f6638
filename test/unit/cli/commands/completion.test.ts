import { spawnSync } from "node:child_process";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { completionScript, shells } from "../../../../harness/cli/commands/completion";
import { buildProgram } from "../../../../harness/cli/program";
import { matrix } from "../../../support/command";

let commands: readonly CommandUnknownOpts[];
beforeAll(async () => {
  commands = (await buildProgram(["--help"], () => undefined)).commands;
});

/** What bash offers for the last of these words. */
function offered(words: readonly string[]): readonly string[] {
  const script = `${completionScript(commands, "bash", "ftp-nat-matrix")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); $(complete -p ftp-nat-matrix | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

test.each(shells)("the completions for %s know every command and option", (shell) => {
  const script = completionScript(commands, shell, "ftp-nat-matrix");
  for (const command of commands) {
    expect(script).toContain(command.name());
    for (const { long } of command.options) expect(script).toContain(long?.slice(2));
  }
});

test("bash offers commands first, and then the options of the command", () => {
  expect(offered(["ftp-nat-matrix", "co"])).toEqual(["collect", "compare", "completion"]);
  expect(offered(["ftp-nat-matrix", "compare", "--"])).toEqual(["--json"]);
  expect(offered(["ftp-nat-matrix", "--top"])).toEqual(["--topology"]);
  expect(offered(["ftp-nat-matrix", "scenarios/smoke.yaml", "--sh"])).toEqual(["--shard"]);
});

test("completions are for the program that is installed, or for one of another name", async () => {
  const script = async (...args: readonly string[]): Promise<string> =>
    (await matrix(["completion", "bash", ...args]).ended).stdout;
  expect(await script()).toBe(completionScript(commands, "bash", "ftp-nat-matrix"));
  expect(await script("--name", "matrix")).toMatch(/ matrix\n$/);
});
