import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../../lab/engine";
import { failed, fine, skipped, type Finding } from "./check";
import { runCommand } from "../../lab/machine/command";
import { isClone, projectRoot } from "../../lab/project";
import { sharesKernel } from "./kernel-evidence";

const nodeFloor = [20, 19] as const;
const neededBytes = 2 * 1024 ** 3;

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > nodeFloor[0] || (major === nodeFloor[0] && minor >= nodeFloor[1]);
  return isEnough
    ? fine(version)
    : failed(`${version} is too old`, `Install Node ${nodeFloor.join(".")} or later: https://nodejs.org/.`);
}

/** A clone's packages; its installer knows how they are stamped. */
export async function checkPackages(signal: AbortSignal): Promise<Finding> {
  if (!isClone) return fine("installed by npm");
  const installer = join(projectRoot, "harness", "install.mjs");
  const result = await runCommand(process.execPath, [installer, "--check"], { signal });
  return result.ok
    ? fine("node_modules matches package-lock.json")
    : failed("node_modules does not match package-lock.json", "Run `npm run setup`.");
}

export async function checkDisk(engine: Engine): Promise<Finding> {
  const folder = engine.info.rootDir;
  if (!sharesKernel(engine)) return skipped("the engine is on another machine");
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const detail = `${(free / 1024 ** 3).toFixed(1)} GB free in ${folder}`;
    if (free >= neededBytes) return fine(detail);
    return failed(`${detail}, 2 GB are needed`, "Free some, for example with `docker system prune`.");
  } catch {
    return skipped(`${folder} cannot be looked at from here`);
  }
}
