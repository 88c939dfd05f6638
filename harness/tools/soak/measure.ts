import { readdir, readlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Engine } from "../../lab/engine";
import { labelKeys, ownerFilter } from "../../lab/labels";
import type { PatchPanel } from "../../lab/patch-panel";
import type { Held } from "./leaks";

/** The memory of this process, in bytes. */
export type Memory = {
  /** What is reachable: objects and buffers. */
  readonly used: number;
  /** What the process takes of the machine. */
  readonly resident: number;
};

/** Measures after everything unreachable has been collected. */
export function measureMemory(): Memory {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (!isAction(collect)) throw new Error("V8 has no collector to call");
  // What is freed only after finalizers have run needs a second time.
  for (let time = 0; time < 2; time += 1) collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, resident: rss };
}

function isAction(value: unknown): value is () => void {
  return typeof value === "function";
}

/** Where to look for what runs leave behind. */
export type Places = {
  readonly engine: Engine;
  readonly panel: PatchPanel;
  /** Ids of the runs so far. */
  readonly runs: readonly string[];
  /** The folder in which runs put what they need for a while. */
  readonly temporary: string;
};

/** What is held outside this process. */
export async function measureOutside({ engine, panel, runs, temporary }: Places): Promise<Omit<Held, "descriptors">> {
  const [containers, interfaces, files] = await Promise.all([
    containersOf(engine, runs),
    // Wires of labs go from node to node and are never there, unless one comes loose.
    panel.engineInterfaces(),
    pathsIn(temporary),
  ]);
  return { containers, interfaces: interfaces.filter(isNotDocker), files };
}

/** Docker gives other containers wires of its own. */
function isNotDocker(name: string): boolean {
  return !/^(?:veth[0-9a-f]{7}|br-[0-9a-f]{12}|docker\d+)$/.test(name);
}

/**
 * What the descriptors of this process lead to: `socket`, `pipe`, or a path; nothing on systems that do not tell. Connections to
 * the engine come and go, so it is their number that counts.
 */
export async function measureDescriptors(): Promise<readonly string[]> {
  const folder = "/proc/self/fd";
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => null)));
  // The folder that was listed had a descriptor too.
  return targets.flatMap((target) =>
    target === null || target.endsWith("/fd") ? [] : target.replace(/:\[\d+\]$/, ""),
  );
}

/** Names of the containers of these runs, running or not. */
async function containersOf({ docker }: Engine, runs: readonly string[]): Promise<readonly string[]> {
  const found = await docker.listContainers({ all: true, filters: { label: [ownerFilter] } });
  return found
    .filter(({ Labels }) => runs.includes(Labels[labelKeys.run] ?? ""))
    .map(({ Id, Names: [name] }) => name?.replace(/^\//, "") ?? Id);
}

/** Paths of everything in a folder, relative to it, folders too. */
export async function pathsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
