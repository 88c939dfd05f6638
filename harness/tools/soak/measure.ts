import { readdir, readFile, readlink } from "node:fs/promises";
import { globalAgent } from "node:http";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Engine } from "../../lab/engine";
import { labelKeys, ownerFilter } from "../../lab/labels";
import type { PatchPanel } from "../../lab/patch-panel";
import { isNothing, type Held } from "./leaks";

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
  /** The folder in which runs put what they need for a while: `TMPDIR` of whatever they start. */
  readonly temporary: string;
};

/** What is held outside this process. */
export async function measureOutside({ engine, panel, runs, temporary }: Places): Promise<Omit<Held, "descriptors">> {
  const [containers, networks, interfaces, processes, files] = await Promise.all([
    containersOf(engine, runs),
    ownedNetworks(engine),
    // Wires of labs go from node to node and are never there, unless one comes loose.
    panel.engineInterfaces(),
    processesWith(`TMPDIR=${temporary}`),
    pathsIn(temporary),
  ]);
  return { containers, networks, interfaces: interfaces.filter(isNotDocker), processes, files };
}

/** Docker gives other containers wires of its own. */
function isNotDocker(name: string): boolean {
  return !/^(?:veth[0-9a-f]{7}|br-[0-9a-f]{12}|docker\d+)$/.test(name);
}

/**
 * What the descriptors of this process lead to: `socket`, `pipe`, or a path; nothing on systems that do not tell. Connections to
 * the engine come and go, so it is their number that counts. Node keeps idle ones open for 5 s; they are closed first.
 */
export async function measureDescriptors(): Promise<readonly string[]> {
  for (const idle of Object.values(globalAgent.freeSockets)) for (const socket of idle ?? []) socket.destroy();
  await delay(20);
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

async function ownedNetworks({ docker }: Engine): Promise<readonly string[]> {
  const found = await docker.listNetworks({ filters: { label: [ownerFilter] } });
  return found.map(({ Name }) => Name);
}

/** Processes of this machine that were started with a variable: `4711 node cli.js`; none on systems that do not tell. */
async function processesWith(variable: string): Promise<readonly string[]> {
  const names = await readdir("/proc").catch(() => []);
  const textOf = (pid: string, file: string): Promise<string> =>
    readFile(join("/proc", pid, file), "utf8").catch(() => "");
  const found = names
    .filter((name) => /^\d+$/.test(name))
    .map(async (pid) => {
      const environment = (await textOf(pid, "environ")).split("\0");
      return environment.includes(variable)
        ? [`${pid} ${(await textOf(pid, "cmdline")).replaceAll("\0", " ").trim()}`]
        : [];
    });
  return (await Promise.all(found)).flat();
}

/** Paths of everything in a folder, relative to it, folders too. */
export async function pathsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** What is left when nothing is, or when the time for that is over. */
export async function settled(measure: () => Promise<Held>, withinMs: number): Promise<Held> {
  const end = performance.now() + withinMs;
  let left = await measure();
  while (!isNothing(left) && performance.now() < end) {
    await delay(250);
    left = await measure();
  }
  return left;
}
