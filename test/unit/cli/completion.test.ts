import { spawnSync } from "node:child_process";
import { completionScript, shells } from "../../../harness/cli/completion";
import { commandNames } from "../../../harness/cli/command-names";
import { buildProgram } from "../../../harness/cli/program";

const program = buildProgram([], () => undefined);

/** What bash offers for the last of these words. */
function offered(words: readonly string[]): readonly string[] {
  const script = `${completionScript(program, "bash", "matrix")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _matrix; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

test.each(shells)("the completions for %s know every command and option", (shell) => {
  const script = completionScript(program, shell, "matrix");
  for (const command of program.commands) {
    expect(script).toContain(command.name());
    for (const { long } of command.options) expect(script).toContain(long?.slice(2));
  }
});

test("bash offers commands first, and then the options of the command", () => {
  expect(offered(["matrix", "co"])).toEqual(["compare", "completion"]);
  expect(offered(["matrix", "compare", "--"])).toEqual(["--json"]);
  expect(offered(["matrix", "--top"])).toEqual(["--topology"]);
  expect(offered(["matrix", "scenarios/smoke.yaml", "--sh"])).toEqual(["--shard"]);
});

test("every command can be suggested to somebody who mistyped it", () => {
  expect([...commandNames].sort()).toEqual(program.commands.map((command) => command.name()).sort());
});
