import { readFile } from "node:fs/promises";
import { hostname, release } from "node:os";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { namedHost, type Engine } from "../../lab/engine";
import { moduleNames, moduleState, type KernelEvidence, type ModuleName, type ModuleState } from "./kernel-modules";
import { runProbe } from "./probe-container";

export type ModuleStates = Readonly<Record<ModuleName, ModuleState>>;

/**
 * True when containers run on the kernel of this very machine, so that its files speak for them. Behind Docker Desktop
 * or a remote `DOCKER_HOST` they run on another.
 */
export function sharesKernel(engine: Engine): boolean {
  const remote = /^(tcp|ssh|https?):/.test(namedHost());
  const sameName = !remote || engine.info.name === hostname();
  return process.platform === "linux" && engine.info.kernel === release() && sameName;
}

/** The states of all needed modules in the kernel on which containers run; `image` is any image to look from. */
export async function findModules(engine: Engine, image: string | null): Promise<ModuleStates> {
  if (!sharesKernel(engine) && image === null) return statesFrom(noEvidence);
  const read = sharesKernel(engine) ? readHere : (path: string) => readInContainer(engine, image ?? "", path);
  const quick = await gather(engine.info.kernel, read);
  const states = statesFrom(quick);
  if (!Object.values(states).includes("unknown")) return states;
  return statesFrom({ ...quick, symbols: await read("/proc/kallsyms") });
}

type ReadText = (path: string) => Promise<string | null>;

const noEvidence: KernelEvidence = { loaded: null, config: null, builtIn: null, dependencies: null, symbols: null };

function statesFrom(evidence: KernelEvidence): ModuleStates {
  return Object.fromEntries(moduleNames.map((name) => [name, moduleState(name, evidence)])) as ModuleStates;
}

async function gather(kernel: string, read: ReadText): Promise<KernelEvidence> {
  const folder = `/lib/modules/${kernel}`;
  return {
    loaded: await read("/proc/modules"),
    config: (await read("/proc/config.gz")) ?? (await read(`/boot/config-${kernel}`)),
    builtIn: await read(`${folder}/modules.builtin`),
    dependencies: await read(`${folder}/modules.dep`),
    symbols: null,
  };
}

async function readHere(path: string): Promise<string | null> {
  try {
    const content = await readFile(path);
    return (path.endsWith(".gz") ? await promisify(gunzip)(content) : content).toString("utf8");
  } catch {
    return null;
  }
}

/** Only `/proc` is the engine's own inside a container. */
async function readInContainer(engine: Engine, image: string, path: string): Promise<string | null> {
  if (!path.startsWith("/proc/")) return null;
  const command = path.endsWith(".gz") ? ["gzip", "-dc", path] : ["cat", path];
  const probe = await runProbe(engine, { image, command });
  return probe.exitCode === 0 ? probe.output : null;
}
