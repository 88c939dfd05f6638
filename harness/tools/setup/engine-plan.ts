import type { ErrorCode } from "../../model/error-codes";

/** What a connection to the engine's socket met. */
export type SocketState = "absent" | "answers" | "denied" | "refused" | "silent";

/** A process id from a pid file, and what runs under it now: ids are given again after a crash or restart. */
export type PidFile = { readonly pid: number; readonly process: "dockerd" | "containerd" | "other" | "dead" };

/** Files that an engine leaves behind when it is killed. */
export type EnginePaths = {
  readonly socket: string;
  readonly pidFile: string;
  readonly containerdPidFile: string;
  readonly systemContainerdSocket: string;
};

/** All that is observed of a machine before an engine is started on it. */
export type EngineState = {
  readonly platform: NodeJS.Platform;
  readonly dockerHost: string;
  readonly root: boolean;
  readonly osName: string;
  readonly debianLike: boolean;
  readonly systemd: boolean;
  readonly socket: SocketState;
  /** Debian packages whose commands an engine needs here and which are not there. */
  readonly missingPackages: readonly string[];
  readonly pidFile: PidFile | null;
  readonly containerdPidFile: PidFile | null;
  /** A dockerd that runs for this socket, whatever its pid file says. */
  readonly liveDockerd: number | null;
  /** The containerd that a dockerd started for itself, still running though its dockerd is gone. */
  readonly orphanedContainerd: number | null;
  readonly systemContainerdSocket: SocketState;
};

export type EngineAction =
  | { readonly kind: "install"; readonly packages: readonly string[] }
  | { readonly kind: "end-process"; readonly pid: number; readonly why: string }
  | { readonly kind: "remove-file"; readonly path: string; readonly why: string }
  | { readonly kind: "start-service" }
  | { readonly kind: "start-daemon" }
  /** Until the socket answers, or a deadline passes, or the started daemon has ended; names one that ran before. */
  | { readonly kind: "wait"; readonly liveDockerd: number | null };

export type EnginePlan =
  | { readonly kind: "ready" }
  | { readonly kind: "act"; readonly actions: readonly EngineAction[] }
  | {
      readonly kind: "give-up";
      readonly code: ErrorCode;
      readonly reason: string;
      readonly remedies: readonly string[];
    };

/** What to do so that an engine answers. Changes nothing on a machine that is not ours to change. */
export function planEngineStart(state: EngineState, paths: EnginePaths): EnginePlan {
  // With DOCKER_HOST the local socket is not the one that will be asked.
  if (state.socket === "answers" && state.dockerHost === "") return { kind: "ready" };
  const obstacle = findObstacle(state, paths);
  if (obstacle !== null) return { kind: "give-up", ...obstacle };
  // Starting up, or hung; a second one would only fight with it.
  const wait: EngineAction = { kind: "wait", liveDockerd: state.liveDockerd };
  if (state.liveDockerd !== null) return { kind: "act", actions: [wait] };
  const install: EngineAction[] =
    state.missingPackages.length === 0 ? [] : [{ kind: "install", packages: state.missingPackages }];
  const start: EngineAction = state.systemd ? { kind: "start-service" } : { kind: "start-daemon" };
  return { kind: "act", actions: [...install, ...planClearing(state, paths), start, wait] };
}

/** Each of these stops dockerd 20.10 from starting, or hides the new one; tried one by one. */
function planClearing(state: EngineState, paths: EnginePaths): readonly EngineAction[] {
  const actions: EngineAction[] = [];
  if (state.pidFile !== null) {
    actions.push({ kind: "remove-file", path: paths.pidFile, why: describePid(state.pidFile, "dockerd") });
  }
  if (state.orphanedContainerd !== null) {
    const why = "the dockerd that started it is gone, and a new one waits for it in vain";
    actions.push({ kind: "end-process", pid: state.orphanedContainerd, why });
  }
  if (state.containerdPidFile !== null) {
    const why =
      state.containerdPidFile.pid === state.orphanedContainerd
        ? "its containerd is being ended"
        : describePid(state.containerdPidFile, "containerd");
    actions.push({ kind: "remove-file", path: paths.containerdPidFile, why });
  }
  // systemd's docker.socket owns the file: it listens there even while the engine is down.
  if (state.socket === "refused" && !state.systemd) {
    actions.push({ kind: "remove-file", path: paths.socket, why: "nobody listens on it" });
  }
  if (state.systemContainerdSocket === "refused") {
    const why = "nobody listens on it, and dockerd takes it for a running containerd";
    actions.push({ kind: "remove-file", path: paths.systemContainerdSocket, why });
  }
  return actions;
}

function describePid(file: PidFile, name: string): string {
  const pid = String(file.pid);
  return file.process === "dead" ? `process ${pid} has ended` : `process ${pid} is not ${name} of this engine`;
}

type Obstacle = { readonly code: ErrorCode; readonly reason: string; readonly remedies: readonly string[] };

function findObstacle(state: EngineState, paths: EnginePaths): Obstacle | null {
  if (state.dockerHost !== "") {
    const remedies = ["Start that engine, or unset DOCKER_HOST to use the local one."];
    return unreachable(`The engine at DOCKER_HOST=${state.dockerHost} does not answer.`, remedies);
  }
  if (state.socket === "denied") {
    return {
      code: "engine-permission",
      reason: `A Docker engine is there, but this user may not use ${paths.socket}.`,
      remedies: ["Run `sudo usermod -aG docker $USER` and log in again."],
    };
  }
  if (state.platform !== "linux") {
    return unreachable("No Docker engine answers.", [
      "Start Docker Desktop, or run `colima start` and set DOCKER_HOST to its socket; then run `npm run setup` again.",
    ]);
  }
  // A dockerd listens before it answers, and so does systemd for it.
  if (state.liveDockerd !== null) return null;
  if (state.socket === "silent" && !state.systemd) {
    return unreachable(`Something that is not dockerd listens on ${paths.socket} and does not answer.`, [
      `End the process that \`fuser ${paths.socket}\` names, then run \`npm run setup\` again.`,
    ]);
  }
  if (state.root && state.debianLike) return null;
  return unreachable(
    state.root
      ? `No Docker engine answers, and ${state.osName} is not a system on which setup installs or starts one.`
      : "No Docker engine answers, and only root may install or start one.",
    handRemedies(state),
  );
}

function unreachable(reason: string, remedies: readonly string[]): Obstacle {
  return { code: "engine-unreachable", reason, remedies };
}

/** One line for each thing that is missing. */
function handRemedies(state: EngineState): readonly string[] {
  const sudo = state.root ? "" : "sudo ";
  const remedies: string[] = [];
  if (state.missingPackages.length > 0) {
    remedies.push(
      state.debianLike
        ? `Install: \`${sudo}apt-get install --no-install-recommends ${state.missingPackages.join(" ")}\`.`
        : "Install Docker Engine: https://docs.docker.com/engine/install/.",
    );
  }
  remedies.push(`Start it: \`${sudo}${state.systemd ? "systemctl start docker" : "dockerd"}\`.`);
  if (!state.root) remedies.push("Let this user use it: `sudo usermod -aG docker $USER`, then log in again.");
  return remedies;
}
