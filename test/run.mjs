// `npm test`: all checks and, beside them, all tests. `npm test -- PATH...` runs these tests alone, with any options of Jest's.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";

const args = process.argv.slice(2);
const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
const builder = fileURLToPath(new URL("../harness/tools/build/build.mjs", import.meta.url));

/** Runs a command to its end; gives its exit code. A patient one leaves the processors to others, as labs have deadlines. */
function run(command, args, isPatient = false) {
  const child = spawn(command, args, { stdio: "inherit" });
  if (isPatient && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return new Promise((resolve) => {
    child.once("error", () => resolve(3));
    child.once("exit", (code) => resolve(code ?? 3));
  });
}

function check() {
  // Under `npm run` npm says where it is, which also spares Windows a shell for npm.cmd.
  const npm = process.env.npm_execpath;
  const check = ["run", "--silent", "check"];
  return npm === undefined ? run("npm", check, true) : run(process.execPath, [npm, ...check], true);
}

function test(...options) {
  return run(process.execPath, [jest, ...options]);
}

async function testAll() {
  // Both need what is built, and neither may find the other building it.
  const built = await run(process.execPath, [builder, "--if-stale"]);
  if (built !== 0) return built;
  const [checked, tested] = await Promise.all([check(), test()]);
  if (checked !== 0) process.stderr.write("The checks failed: `npm run check` shows how.\n");
  return tested === 0 ? checked : tested;
}

process.exitCode = await (args.length === 0 ? testAll() : test(...args));
