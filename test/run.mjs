// `npm test`: all checks, then all tests. `npm test -- PATH...` runs these tests alone, with any options of Jest's.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const args = process.argv.slice(2);
const jest = createRequire(import.meta.url).resolve("jest/bin/jest");

function run(command, args) {
  return spawnSync(command, args, { stdio: "inherit" }).status ?? 3;
}

function check() {
  // Under `npm run` npm says where it is, which also spares Windows a shell for npm.cmd.
  const npm = process.env.npm_execpath;
  const check = ["run", "--silent", "check"];
  return npm === undefined ? run("npm", check) : run(process.execPath, [npm, ...check]);
}

const checked = args.length === 0 ? check() : 0;
process.exitCode = checked === 0 ? run(process.execPath, [jest, ...args]) : checked;
