// Installs the packages that the project's package-lock.json files name, unless node_modules already holds exactly them. Plain Node
// with no dependencies, since it runs before there are any. A FOLDER of the project as argument means that one alone; `--check` only
// says whether they match; `--quiet` says nothing where they do.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const floor = [20, 19];

/** The tool itself, and the libraries that it only tests. */
const parts = [
  { folder: ".", title: "Packages" },
  { folder: "harness/agent/node-clients", title: "Tested libraries" },
];

/** npm ci takes node_modules away first, so a stamp never survives an installation that broke. */
function stampFile(folder) {
  return join(root, folder, "node_modules", ".ftp-nat-matrix-stamp");
}

function isUpToDate(folder, stamp) {
  try {
    return readFileSync(stampFile(folder), "utf8") === stamp;
  } catch {
    return false;
  }
}

/** Packages differ between systems too: a folder that was copied from another machine does not match. */
function wantedStamp(folder) {
  const lock = readFileSync(join(root, folder, "package-lock.json"));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform} ${process.arch}\n`;
}

function runNpm(folder) {
  const args = ["ci", "--no-audit", "--no-fund"];
  // Under `npm run` npm says where it is, which also spares Windows a shell for npm.cmd.
  const npm = process.env.npm_execpath;
  const [file, ...rest] = npm?.endsWith(".js") ? [process.execPath, npm, ...args] : ["npm", ...args];
  const result = spawnSync(file, rest, { cwd: join(root, folder), stdio: "inherit" });
  if (result.signal === "SIGINT") return 130;
  if (result.error) console.error(`✗ Packages: npm could not be started: ${result.error.message}`);
  return result.status ?? 3;
}

/** Gives the exit code. */
function install({ folder, title }, { check, quiet }) {
  const stamp = wantedStamp(folder);
  if (isUpToDate(folder, stamp)) {
    if (!quiet) console.log(`✓ ${title}: up to date`);
    return 0;
  }
  if (check) {
    console.log(`✗ ${title}: node_modules does not match package-lock.json`);
    return 3;
  }
  console.log(`→ ${title}: node_modules does not match package-lock.json; running npm ci`);
  const status = runNpm(folder);
  if (status === 130) return 130;
  if (status !== 0) {
    console.error(`✗ ${title}: npm ci failed; fix what it says above, then run \`npm run setup\` again`);
    return 3;
  }
  writeFileSync(stampFile(folder), stamp);
  console.log(`✓ ${title}: installed`);
  return 0;
}

function main() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < floor[0] || (major === floor[0] && minor < floor[1])) {
    console.error(`✗ Node ${floor.join(".")} or later is needed, and this is ${process.versions.node}.`);
    return 3;
  }
  const folders = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const options = { check: process.argv.includes("--check"), quiet: process.argv.includes("--quiet") };
  for (const part of parts) {
    if (folders.length > 0 && !folders.includes(part.folder)) continue;
    const status = install(part, options);
    if (status !== 0) return status;
  }
  return 0;
}

process.exitCode = main();
