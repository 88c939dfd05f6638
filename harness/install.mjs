// Installs the packages that package-lock.json names, unless node_modules already holds exactly them. Plain Node with
// no dependencies, since it runs before there are any. `--check` only says whether they match.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, "node_modules", ".ftp-nat-matrix-stamp");
const floor = [20, 19];

/** npm ci takes node_modules away first, so a stamp never survives an installation that broke. */
function isUpToDate(stamp) {
  try {
    return readFileSync(stampFile, "utf8") === stamp;
  } catch {
    return false;
  }
}

/** Packages differ between systems too: a folder that was copied from another machine does not match. */
function wantedStamp() {
  const lock = readFileSync(join(root, "package-lock.json"));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform} ${process.arch}\n`;
}

function install() {
  const args = ["ci", "--no-audit", "--no-fund"];
  // Under `npm run` npm says where it is, which also spares Windows a shell for npm.cmd.
  const npm = process.env.npm_execpath;
  const [file, ...rest] = npm?.endsWith(".js") ? [process.execPath, npm, ...args] : ["npm", ...args];
  const result = spawnSync(file, rest, { cwd: root, stdio: "inherit" });
  if (result.signal === "SIGINT") return 130;
  if (result.error) console.error(`✗ Packages: npm could not be started: ${result.error.message}`);
  return result.status ?? 3;
}

function main() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < floor[0] || (major === floor[0] && minor < floor[1])) {
    console.error(`✗ Node ${floor.join(".")} or later is needed, and this is ${process.versions.node}.`);
    return 3;
  }
  const stamp = wantedStamp();
  if (isUpToDate(stamp)) {
    console.log("✓ Packages: up to date");
    return 0;
  }
  if (process.argv.includes("--check")) {
    console.log("✗ Packages: node_modules does not match package-lock.json");
    return 3;
  }
  console.log("→ Packages: node_modules does not match package-lock.json; running npm ci");
  const status = install();
  if (status === 130) return 130;
  if (status !== 0) {
    console.error("✗ Packages: npm ci failed; cure what it says above, then run `npm run setup` again");
    return 3;
  }
  writeFileSync(stampFile, stamp);
  console.log("✓ Packages: installed");
  return 0;
}

process.exitCode = main();
