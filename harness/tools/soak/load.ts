import { spawn, type ChildProcess } from "node:child_process";
import { statfs } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { distFolder } from "../../lab/project";
import { loadPlan, type LoadLevel, type LoadPart, type Machine } from "./load-plan";

const megabyte = 1024 * 1024;
/** Who has not ended by then is killed. */
const endMs = 5000;

/** Processes that keep the machine busy until they are told to end, or until this process is gone. */
export class Load {
  readonly parts: readonly LoadPart[];
  readonly #children: readonly ChildProcess[];

  private constructor(parts: readonly LoadPart[], children: readonly ChildProcess[]) {
    this.parts = parts;
    this.#children = children;
  }

  /** @param folder on the disk that is written to; it is there */
  static async start(level: LoadLevel, seed: number, folder: string): Promise<Load> {
    const parts = loadPlan(level, await machineOf(folder));
    const children = parts.map(({ kind, mostMb, mostRestMs }, index) => {
      const words = [kind, mostMb, mostRestMs, seed + index, join(folder, `load-${index}`)];
      return spawn(process.execPath, [join(distFolder, "soak-load.js"), ...words.map(String)], {
        // In a group of its own: Ctrl-C is for the soak, which ends them.
        detached: true,
        stdio: ["pipe", "ignore", "inherit"],
      });
    });
    return new Load(parts, children);
  }

  /** Process ids of those that run. */
  get running(): readonly number[] {
    return this.#children.flatMap(({ pid, exitCode, signalCode }) =>
      pid === undefined || exitCode !== null || signalCode !== null ? [] : [pid],
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#children.map(ended));
  }
}

async function machineOf(folder: string): Promise<Machine> {
  const { bavail, bsize } = await statfs(folder);
  return {
    processors: availableParallelism(),
    freeMemoryMb: freemem() / megabyte,
    freeDiskMb: (bavail * bsize) / megabyte,
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const late = setTimeout(() => child.kill("SIGKILL"), endMs);
    child.once("exit", () => {
      clearTimeout(late);
      resolve();
    });
    child.stdin?.end();
  });
}
