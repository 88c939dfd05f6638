import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { ProgramRequest } from "../model/agent-protocol";
import { messageOf } from "../model/errors";
import { foreignTools } from "../model/ftp-site";
import type { OutputLine, ProgramCommand, ProgramOutcome } from "../model/program";

/** More than any of them prints about one session. */
const mostLines = 5_000;
const longestLine = 4_000;
/** A program that prints more than that is ended: a line without an end would fill the memory. */
const mostPrinted = 16 * 1024 * 1024;
/** A program that sleeps and prints nothing for so long stands still: others may start beside it. */
const quietMs = 500;
/** As long as it has printed nothing at all it may still be starting, which is work. */
const startMs = 5_000;
const checkMs = 100;

/**
 * Runs a client program as a user of its own, so that its connections leave from its own address (see the client's routing
 * rules) and all its children can be ended with it, whatever session or group they moved to.
 */
export async function runProgram(request: ProgramRequest, onWaiting: () => void): Promise<ProgramOutcome> {
  const { home, uid, command } = request;
  await mkdir(home, { recursive: true });
  try {
    for (const { name, size } of request.makes) await writeFile(join(home, name), randomBytes(size));
    for (const { path, text } of command.files ?? []) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), text);
    }
    await giveAway(home, uid);
    const ended = await runToEnd(request, onWaiting);
    return { ...ended, files: await filesIn(home, request.wants) };
  } finally {
    await endAll(uid);
    await rm(home, { recursive: true, force: true });
  }
}

async function runToEnd(request: ProgramRequest, onWaiting: () => void): Promise<Omit<ProgramOutcome, "files">> {
  const { command, home, uid, deadlineMs } = request;
  const [program = "", ...args] = command.argv;
  const startedAt = performance.now();
  const now = (): number => Math.round((performance.now() - startedAt) * 100) / 100;
  const output: OutputLine[] = [];
  let lastAt = startedAt;
  let waiting = false;
  let timedOut = false;
  let ending = Promise.resolve();
  const child = spawn(program, args, {
    cwd: home,
    uid,
    gid: uid,
    detached: true,
    env: { ...environmentFor(command), HOME: home, TERM: "dumb", ...command.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let printed = 0;
  const note = (stream: OutputLine["stream"], source: Readable): void => {
    source.on("data", (piece: Buffer) => {
      printed += piece.length;
      if (printed <= mostPrinted) return;
      source.destroy();
      ending = endAll(uid);
    });
    createInterface({ input: source, crlfDelay: Infinity }).on("line", (line) => {
      lastAt = performance.now();
      if (output.length < mostLines) output.push({ atMs: now(), stream, text: line.slice(0, longestLine) });
    });
  };
  note("stdout", child.stdout);
  note("stderr", child.stderr);
  // A program that ends before it has read everything is no fault of ours.
  child.stdin.on("error", () => undefined);
  child.stdin.end(command.input ?? "");
  const watch = setInterval(() => {
    const patience = output.length === 0 ? startMs : quietMs;
    if (!waiting && performance.now() - lastAt > patience && isAsleep(child.pid)) {
      waiting = true;
      onWaiting();
    }
  }, checkMs);
  const deadline = setTimeout(() => {
    timedOut = true;
    ending = endAll(uid);
  }, deadlineMs);
  try {
    const exitCode = await exitOf(child, () => timedOut);
    return {
      startedAt: (performance.timeOrigin + startedAt) / 1000,
      durationMs: now(),
      exitCode,
      timedOut,
      output,
    };
  } catch (error) {
    if (command.inOwnImage !== true) throw error;
    // As a shell tells it of a command that it does not find.
    output.push({ atMs: now(), stream: "stderr", text: `${program} could not be started: ${messageOf(error)}` });
    return {
      startedAt: (performance.timeOrigin + startedAt) / 1000,
      durationMs: now(),
      exitCode: 127,
      timedOut,
      output,
    };
  } finally {
    clearInterval(watch);
    clearTimeout(deadline);
    // Else it would still be about when the next program has the user.
    await ending;
  }
}

/** The agent has its own image's environment; what the lab runs in a user's image is not in the user's PATH. */
function environmentFor({ inOwnImage }: ProgramCommand): NodeJS.ProcessEnv {
  if (inOwnImage !== true) return { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" };
  const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== foreignTools);
  return { ...process.env, PATH: folders.join(":") };
}

/**
 * Whether a process waits for something other than a processor (proc(5), `stat`). One that only has not had its turn prints nothing
 * either, and to start others beside it would make the machine slower still.
 */
function isAsleep(pid: number | undefined): boolean {
  try {
    // The name in brackets may hold anything; the state follows its end.
    return /\) S [^)]*$/.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8"));
  } catch {
    // Gone between the two looks.
    return false;
  }
}

/** How long the pipes of an ended program may stay open: a daemon that it left behind can hold them for ever. */
const pipesMs = 300;

/** @throws when the program could not be started at all, which is a fault of the lab */
function exitOf(child: ChildProcess, isOver: () => boolean): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      const end = (): void => {
        resolve(isOver() ? null : code);
      };
      const patience = setTimeout(end, pipesMs);
      child.once("close", () => {
        clearTimeout(patience);
        end();
      });
    });
  });
}

/** Ends every process of a user; no other session has it. */
async function endAll(uid: number): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const mine = await processesOf(uid);
    if (mine.length === 0) return;
    for (const pid of mine) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Living processes; those that have ended and wait for their parent no longer count. */
async function processesOf(uid: number): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const text = await readFile(`/proc/${entry}/status`, "utf8");
      if (/^State:\s+[ZX]/m.test(text)) continue;
      if (new RegExp(`^Uid:\\s+${uid}\\s`, "m").test(text)) found.push(Number(entry));
    } catch {
      // Gone between the two looks.
    }
  }
  return found;
}

async function giveAway(path: string, uid: number): Promise<void> {
  await chown(path, uid, uid);
  if (!(await stat(path)).isDirectory()) return;
  for (const entry of await readdir(path)) await giveAway(join(path, entry), uid);
}

async function filesIn(home: string, names: readonly string[]): Promise<ProgramOutcome["files"]> {
  const found: ProgramOutcome["files"][number][] = [];
  for (const name of names) {
    try {
      const content = await readFile(join(home, name));
      found.push({ name, size: content.length, sha256: createHash("sha256").update(content).digest("hex") });
    } catch {
      // A file that is not there was not transferred.
    }
  }
  return found;
}
