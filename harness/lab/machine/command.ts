import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

export type CommandOptions = {
  readonly signal: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line that the command prints on either stream. */
  readonly onLine?: ((line: string) => void) | undefined;
};

export type CommandResult = {
  readonly ok: boolean;
  /** The last lines of both streams, or why the command could not be started. */
  readonly lastLines: readonly string[];
};

const keptLines = 15;
const graceMs = 10_000;

/** `su` without a dash leaves these out, and what is needed here is in them. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

export function systemPath(environment: NodeJS.ProcessEnv = process.env): string {
  return [environment["PATH"] ?? "", ...systemFolders].filter((folder) => folder !== "").join(delimiter);
}

/** Where a command is, as a system administrator's shell would find it, or null. */
export async function findCommand(name: string): Promise<string | null> {
  for (const folder of systemPath().split(delimiter)) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/**
 * Runs a command to its end. Never throws for a command that fails; when the signal aborts it ends the command and
 * all its children, waits for them, and throws the signal's reason.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  options.signal.throwIfAborted();
  const lastLines: string[] = [];
  // A process group of its own: Ctrl-C then reaches it once, through us, and its children go with it.
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: systemPath(), LC_ALL: "C.UTF-8", ...options.environment },
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (line.trim() === "") return;
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
      options.onLine?.(line);
    });
  }
  let killTimer: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(child.pid, "SIGTERM");
    killTimer = setTimeout(() => {
      signalGroup(child.pid, "SIGKILL");
    }, graceMs);
  };
  options.signal.addEventListener("abort", end, { once: true });
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      lastLines.push(error.message);
      resolve(null);
    });
    child.once("close", resolve);
  });
  clearTimeout(killTimer);
  options.signal.removeEventListener("abort", end);
  options.signal.throwIfAborted();
  return { ok: exitCode === 0, lastLines };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
