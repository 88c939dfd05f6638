import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../lab/engine";
import { labelKeys, type NodeRole } from "../../lab/labels";
import { NodeShell } from "../../lab/node-shell";
import { matrixProgram, projectRoot } from "../../lab/project";

/** Cells of two networks and two clients, some of them blocked: a session of some ten seconds. */
export const victimCells: readonly string[] = [
  ...["--topology", "client-nat", "--topology", "server-nat-helper", "--client", "basic-ftp", "--client", "curl"],
  ...["--mode", "ftp", "--mode", "ftps", "--operation", "list"],
];

/** How a session is started: as a process, or by npm, which then is in its process group. */
export type StartedBy = "node" | "npm";

/** Where a session works. All of it is its own. */
export type SessionPlaces = {
  /** `TMPDIR` of the session and of all that it starts. */
  readonly temporary: string;
  readonly output: string;
};

export type SessionSetup = {
  /** Left out: `node`. */
  readonly startedBy?: StartedBy;
  /** Does something with the folders before the session starts; gives how to undo that. */
  readonly prepare?: (places: SessionPlaces) => Promise<() => Promise<unknown>>;
};

type SessionParts = {
  readonly engine: Engine;
  readonly folder: string;
  readonly places: SessionPlaces;
  readonly undo: () => Promise<unknown>;
  readonly startedBy: StartedBy;
  readonly cells: readonly string[];
};

/** A container of a session. */
export type SessionContainer = { readonly id: string; readonly name: string; readonly role: NodeRole | undefined };

/** A run of the harness in a process of its own, which is to be broken. */
export class Session {
  readonly places: SessionPlaces;
  readonly #folder: string;
  readonly #engine: Engine;
  readonly #undo: () => Promise<unknown>;
  readonly #child: ChildProcess;
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<SessionEnd>;
  #end: SessionEnd | null = null;
  #words = "";

  private constructor({ engine, folder, places, undo, startedBy, cells }: SessionParts) {
    this.#engine = engine;
    this.#folder = folder;
    this.places = places;
    this.#undo = undo;
    const words = [...cells, "--output", places.output];
    const [program, args] =
      startedBy === "npm"
        ? ["npm", ["run", "--silent", "matrix", "--", ...words]]
        : [process.execPath, [...matrixProgram, ...words]];
    this.#child = spawn(program, [...args], {
      cwd: projectRoot,
      // A group of its own, as a shell gives to each command: signals for it are not for us, nor ours for it.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, TMPDIR: places.temporary, CI: "true", NO_COLOR: "1" },
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#words += text));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (exitCode, signal) => {
        this.#end = { exitCode, signal };
        resolve(this.#end);
      });
    });
  }

  static async start(
    engine: Engine,
    cells: readonly string[],
    { startedBy = "node", prepare }: SessionSetup = {},
  ): Promise<Session> {
    const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-lab-faults-"));
    const places = { temporary: join(folder, "temporary"), output: join(folder, "output") };
    await Promise.all([mkdir(places.temporary), mkdir(places.output)]);
    const undo = (await prepare?.(places)) ?? (() => Promise.resolve());
    return new Session({ engine, folder, places, undo, startedBy, cells });
  }

  /** Of the process that was started. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("the session has no process");
    return this.#child.pid;
  }

  get isOver(): boolean {
    return this.#end !== null;
  }

  /** Its progress and its complaints so far. */
  get words(): string {
    return this.#words;
  }

  /** The run's id, once it has told it; that is before it makes its first container. */
  get runId(): string | null {
    return /run (\d{8}-\d{6}-[0-9a-f]{4})/.exec(this.#words)?.[1] ?? null;
  }

  /** How many cells have a verdict, as far as it has told: those of labs that are closed. */
  get toldCells(): number {
    const closed = this.#words.matchAll(/ closed: \d+ cells?(, .*)/g);
    const counts = [...closed].flatMap(([, verdicts = ""]) => [...verdicts.matchAll(/, (\d+) (?:expected|flaky)/g)]);
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Sends a signal to the process, or to its whole group, as a terminal does. */
  signal(name: NodeJS.Signals, to: "process" | "group" = "process"): boolean {
    if (this.isOver) return false;
    return process.kill(to === "group" ? -this.pid : this.pid, name);
  }

  /** Its containers that run now and have one of these roles; left out: any. */
  async containers(...roles: readonly NodeRole[]): Promise<readonly SessionContainer[]> {
    const { runId } = this;
    if (runId === null) return [];
    const filters = { label: [`${labelKeys.run}=${runId}`], status: ["running"] };
    const found = await this.#engine.docker.listContainers({ filters });
    return found
      .map(({ Id, Names, Labels }) => ({ id: Id, name: Names[0] ?? Id, role: roleOf(Labels[labelKeys.role]) }))
      .filter(({ role }) => roles.length === 0 || (role !== undefined && roles.includes(role)));
  }

  kill({ id }: SessionContainer): Promise<unknown> {
    return this.#engine.docker.getContainer(id).kill();
  }

  /** Runs a script in a container; gives its output, or nothing if the container is gone meanwhile. */
  async run({ id, name }: SessionContainer, script: string): Promise<string> {
    const shell = await NodeShell.open(this.#engine, id, name).catch(() => null);
    if (shell === null) return "";
    try {
      return await shell.run("run", script).catch(() => "");
    } finally {
      shell.close();
    }
  }

  /** Waits for its end; `null` if it has not ended by then. */
  async endWithin(ms: number): Promise<SessionEnd | null> {
    return Promise.race([this.ended, delay(ms, null, { ref: false })]);
  }

  /** Ends what still runs of it, and removes its folders. */
  async remove(): Promise<void> {
    if (!this.isOver) this.signal("SIGKILL", "group");
    await this.ended.catch(() => undefined);
    await this.#undo();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export type SessionEnd = { readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

const roles: readonly NodeRole[] = ["client", "router", "server", "translator", "panel"];

function roleOf(label: string | undefined): NodeRole | undefined {
  return roles.find((role) => role === label);
}
