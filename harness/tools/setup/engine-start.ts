import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, rm, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { LabError } from "../../model/errors";
import { installPackages } from "../../lab/machine/apt";
import { runCommand, systemPath } from "../../lab/machine/command";
import type { EngineAction, EnginePaths, EnginePlan } from "./engine-plan";
import { planEngineStart } from "./engine-plan";
import { observeEngine, probeHttpSocket } from "./engine-state";

/** Where and how an engine is started by hand; the defaults are Debian's. */
export type EngineStart = {
  readonly paths: EnginePaths;
  readonly logFile: string;
  /** Arguments of dockerd, for an engine with folders of its own. */
  readonly daemonArguments: readonly string[];
  readonly signal: AbortSignal;
  /** Called with what is about to be done, and with the last line of long commands. */
  readonly onNote: (note: string, kind: "announcement" | "detail") => void;
};

/** A cold engine with many containers to clear away has taken ten seconds; a hung one never comes. */
const answerDeadlineMs = 60_000;
const pollMs = 100;

/** A dockerd that was started by hand, and since when its log is its own. */
type Daemon = { readonly logOffset: number; hasEnded: boolean };

/**
 * Makes an engine answer on the socket; says whether anything had to be done.
 * @throws LabError of phase `engine` with one line of remedy for each thing missing.
 */
export async function startEngine(start: EngineStart): Promise<"was-there" | "started"> {
  let plan = planEngineStart(await observeEngine(start.paths), start.paths);
  if (plan.kind === "ready") return "was-there";
  const actions = actionsOf(plan);
  start.onNote(`No Docker engine answers. About to: ${actions.map(describeAction).join("; ")}.`, "announcement");
  const installs = actions.filter((action) => action.kind === "install");
  if (installs.length > 0) {
    await carryOut(installs, start);
    // Packages may start the engine themselves, so look again.
    plan = planEngineStart(await observeEngine(start.paths), start.paths);
  }
  await carryOut(actionsOf(plan), start);
  return "started";
}

function actionsOf(plan: EnginePlan): readonly EngineAction[] {
  if (plan.kind === "ready") return [];
  if (plan.kind === "act") return plan.actions;
  throw new LabError("engine", plan.reason, { code: plan.code, hint: plan.remedies.join("\n") });
}

/** One clause of the sentence that says what will be done. */
export function describeAction(action: EngineAction): string {
  switch (action.kind) {
    case "install":
      return `apt-get install ${action.packages.join(" ")}`;
    case "end-process":
      return `end the left-over process ${action.pid} (${action.why})`;
    case "remove-file":
      return `remove ${action.path} (${action.why})`;
    case "start-service":
      return "systemctl start docker";
    case "start-daemon":
      return "start dockerd";
    case "wait":
      if (action.liveDockerd === null) return "wait until it answers";
      return `wait for dockerd, which runs as process ${action.liveDockerd}`;
  }
}

async function carryOut(actions: readonly EngineAction[], start: EngineStart): Promise<void> {
  let daemon: Daemon | null = null;
  for (const action of actions) {
    start.signal.throwIfAborted();
    switch (action.kind) {
      case "install":
        await installPackages(action.packages, start.signal, (line) => {
          start.onNote(line, "detail");
        });
        break;
      case "remove-file":
        await rm(action.path, { force: true });
        break;
      case "end-process":
        await endProcess(action.pid, start.signal);
        break;
      case "start-service":
        await startService(start.signal);
        break;
      case "start-daemon":
        daemon = await startDaemon(start);
        break;
      case "wait":
        await waitForAnswer(start, daemon, action.liveDockerd);
        break;
    }
  }
}

async function startService(signal: AbortSignal): Promise<void> {
  const result = await runCommand("systemctl", ["start", "docker"], { signal });
  if (result.ok) return;
  const journal = await runCommand("journalctl", ["--unit", "docker", "--lines", "10", "--no-pager"], { signal });
  throw startFailure("systemd could not start it", [...result.lastLines, ...journal.lastLines]);
}

/** In a session of its own, so that neither Ctrl-C nor the end of setup ends it. */
async function startDaemon(start: EngineStart): Promise<Daemon> {
  const log = await open(start.logFile, "a");
  try {
    const daemon: Daemon = { logOffset: (await log.stat()).size, hasEnded: false };
    const child = spawn("dockerd", start.daemonArguments, {
      detached: true,
      cwd: "/",
      stdio: ["ignore", log.fd, log.fd],
      env: { ...process.env, PATH: systemPath() },
    });
    child.once("exit", () => {
      daemon.hasEnded = true;
    });
    // Rejects when the file cannot be executed.
    await once(child, "spawn");
    child.unref();
    return daemon;
  } finally {
    await log.close();
  }
}

async function waitForAnswer(start: EngineStart, daemon: Daemon | null, liveDockerd: number | null): Promise<void> {
  const deadlineAt = performance.now() + answerDeadlineMs;
  while (performance.now() < deadlineAt && daemon?.hasEnded !== true) {
    if ((await probeHttpSocket(start.paths.socket)) === "answers") return;
    await delay(pollMs, undefined, { signal: start.signal });
  }
  if (liveDockerd !== null) {
    const pid = String(liveDockerd);
    throw startFailure(`process ${pid} stays silent`, [], `Run \`kill ${pid}\`, then \`npm run setup\` again.`);
  }
  const reason = daemon?.hasEnded === true ? "dockerd ended" : "it stays silent";
  throw startFailure(reason, daemon === null ? [] : await readLogEnd(start.logFile, daemon.logOffset));
}

function startFailure(
  reason: string,
  lastLines: readonly string[],
  hint = "Fix what its last lines name, then run `npm run setup` again.",
): LabError {
  const lines = [`The Docker engine does not start: ${reason}.`, ...lastLines.map((line) => `  ${line}`)];
  return new LabError("engine", lines.join("\n"), {
    code: "engine-start-failed",
    hint,
  });
}

async function readLogEnd(path: string, offset: number): Promise<readonly string[]> {
  const size = (await stat(path)).size;
  const text = (await readFile(path)).subarray(Math.min(offset, size)).toString("utf8");
  return text.trimEnd().split("\n").slice(-10);
}

/** Asks the process to end, insists after a while, and waits until it is gone. */
async function endProcess(pid: number, signal: AbortSignal): Promise<void> {
  const insistAt = performance.now() + 5000;
  const giveUpAt = insistAt + 5000;
  let insisted = false;
  process.kill(pid, "SIGTERM");
  while (isAlive(pid)) {
    if (performance.now() > giveUpAt) throw startFailure(`the left-over process ${pid} does not end`, []);
    if (!insisted && performance.now() > insistAt) {
      insisted = true;
      process.kill(pid, "SIGKILL");
    }
    await delay(pollMs, undefined, { signal });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
