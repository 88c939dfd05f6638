/**
 * Runs one of the project's programs: `node harness/start.cjs PROGRAM [ARGUMENT...]`, where PROGRAM is a script of `dist/` without
 * its ending. Builds `dist/` first if a source has changed since.
 */
const { join } = require("node:path");
const { isFresh } = require("./tools/build/stamp.cjs");

const root = join(__dirname, "..");
const [node, , program, ...rest] = process.argv;
if (program === undefined) throw new Error("usage: node harness/start.cjs PROGRAM [ARGUMENT...]");

if (isFresh(root)) start();
else build();

function start() {
  const script = join(root, "dist", `${program}.js`);
  process.argv = [node, script, ...rest];
  require(script);
}

/** In a process of its own, which ends with all that the build has started. */
function build() {
  const { spawnSync } = require("node:child_process");
  const builder = join(__dirname, "tools", "build", "build.mjs");
  // A program's output may be read by another: the build has stderr alone.
  const { status, signal } = spawnSync(node, [builder], { stdio: ["ignore", 2, 2] });
  if (status === 0) start();
  else process.exitCode = signal === "SIGINT" ? 130 : (status ?? 3);
}
