import type Docker from "dockerode";
import { LabError, messageOf } from "../model/errors";
import { openSshTunnel } from "./ssh-tunnel";

/** What the engine says about itself. */
export type EngineInfo = {
  readonly version: string;
  readonly apiVersion: string;
  /** Kernel release of the machine on which containers run; a VM's with Docker Desktop. */
  readonly kernel: string;
  readonly operatingSystem: string;
  /** Host name of the machine on which containers run. */
  readonly name: string;
  /** As the kernel calls it, such as `x86_64` or `aarch64`. */
  readonly architecture: string;
  /** Where the engine keeps images, on the engine's machine. */
  readonly rootDir: string;
};

/** An engine that answered. */
export type Engine = { readonly docker: Docker; readonly info: EngineInfo };

/** A hung engine accepts connections and never answers; a healthy one takes milliseconds. */
const answerDeadlineMs = 15_000;

/**
 * Finds the engine (`DOCKER_HOST`, or the usual sockets) and asks it who it is.
 * @throws LabError of phase `engine`, code `engine-unreachable` or `engine-permission`.
 */
export async function connectEngine(deadlineMs = answerDeadlineMs): Promise<Engine> {
  const host = namedHost();
  try {
    await reach(host, deadlineMs);
    // It takes long to load, and many commands need no engine.
    const { default: Client } = await import("dockerode");
    // A client of its own: the time-out would also cut long, silent streams such as a build's.
    const probe = new Client({ timeout: deadlineMs });
    const [info, version] = await Promise.all([probe.info() as Promise<Partial<EngineAnswer>>, probe.version()]);
    return { docker: new Client(), info: readInfo(info, version) };
  } catch (error) {
    throw explainConnectError(error, host);
  }
}

/** The address that a tunnel leads to, once there is one. */
let tunnelled: string | null = null;

/** `DOCKER_HOST` as the user named it; empty if it names none. */
export function namedHost(): string {
  return tunnelled ?? process.env["DOCKER_HOST"] ?? "";
}

/** Testcontainers reads `DOCKER_HOST` too, and its client's own ssh fails on Node's HTTP: both then use the tunnel. */
async function reach(host: string, deadlineMs: number): Promise<void> {
  if (!host.startsWith("ssh://") || tunnelled !== null) return;
  process.env["DOCKER_HOST"] = `unix://${await openSshTunnel(host, deadlineMs)}`;
  tunnelled = host;
}

/** The part of the engine's answer that we read; Podman's engine leaves some of it out. */
type EngineAnswer = Record<"KernelVersion" | "OperatingSystem" | "Name" | "Architecture" | "DockerRootDir", string>;

/** HTTP status of an answer that the engine refused something with; 0 for any other error. */
export function statusOf(error: unknown): number {
  return error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 0;
}

function readInfo(info: Partial<EngineAnswer>, version: Docker.DockerVersion): EngineInfo {
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    kernel: info.KernelVersion ?? "",
    operatingSystem: info.OperatingSystem ?? "",
    name: info.Name ?? "",
    architecture: info.Architecture ?? "",
    rootDir: info.DockerRootDir ?? "",
  };
}

/** Turns what a failed connection threw into an error with the remedy for this machine. */
export function explainConnectError(
  cause: unknown,
  dockerHost: string,
  platform: NodeJS.Platform = process.platform,
): LabError {
  // Not `instanceof Error`: inside Jest, Node's own errors are of another realm.
  const systemCode = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  if (systemCode === "EACCES" || systemCode === "EPERM") {
    return new LabError("engine", "A Docker engine is running, but this user may not use its socket.", {
      code: "engine-permission",
      hint: "Run `sudo usermod -aG docker $USER` and log in again.",
      cause,
    });
  }
  const reason = reasonOf(cause, systemCode);
  if (dockerHost !== "") {
    return new LabError("engine", `The engine at DOCKER_HOST=${dockerHost} does not answer (${reason}).`, {
      code: "engine-unreachable",
      hint: dockerHost.startsWith("ssh://")
        ? "`ssh` must reach that machine without asking for anything, as a user who may use its engine; or unset DOCKER_HOST to use the local one."
        : "Start that engine, or unset DOCKER_HOST to use the local one.",
      cause,
    });
  }
  const hint =
    platform === "linux"
      ? "Run `npm run setup`."
      : "Start Docker Desktop (or `colima start` and set DOCKER_HOST to its socket), then run `npm run setup`.";
  return new LabError("engine", `No Docker engine answers (${reason}).`, { code: "engine-unreachable", hint, cause });
}

function reasonOf(cause: unknown, systemCode: string): string {
  // What destroying a timed-out request looks like.
  if (systemCode === "ECONNRESET") return "it accepted the connection and did not answer";
  if (systemCode === "ENOENT") return "there is no socket";
  if (systemCode === "ECONNREFUSED") return "connection refused";
  return messageOf(cause);
}
