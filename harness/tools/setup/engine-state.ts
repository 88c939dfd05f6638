import { readdir, readFile, stat } from "node:fs/promises";
import { request } from "node:http";
import { basename, dirname, join } from "node:path";
import { findCommand } from "../../lab/machine/command";
import type { EnginePaths, EngineState, PidFile, SocketState } from "./engine-plan";
import { readOsRelease } from "../../lab/machine/os-release";

/** Where Debian's engine keeps its files; containerd looks for the system's containerd in one fixed place. */
export const enginePaths: EnginePaths = {
  socket: "/var/run/docker.sock",
  pidFile: "/var/run/docker.pid",
  containerdPidFile: "/var/run/docker/containerd/containerd.pid",
  systemContainerdSocket: "/run/containerd/containerd.sock",
};

/** Looks at the machine; changes nothing. */
export async function observeEngine(paths: EnginePaths): Promise<EngineState> {
  const os = await readOsRelease();
  const systemd = await exists("/run/systemd/system");
  const pidFile = await readPidFile(paths.pidFile);
  const containerdPidFile = await readPidFile(paths.containerdPidFile);
  return {
    platform: process.platform,
    dockerHost: process.env["DOCKER_HOST"] ?? "",
    root: process.getuid?.() === 0,
    osName: os.name,
    debianLike: os.debianLike,
    systemd,
    socket: await probeHttpSocket(paths.socket),
    missingPackages: process.platform === "linux" ? await findMissingPackages(systemd) : [],
    pidFile,
    containerdPidFile,
    ...(await findSurvivors(paths, pidFile)),
    systemContainerdSocket: await probeHttpSocket(paths.systemContainerdSocket),
  };
}

/** Asks for `/_ping`; containerd speaks gRPC on its socket, and whatever comes back there counts as an answer. */
export async function probeHttpSocket(socketPath: string, deadlineMs = 5000): Promise<SocketState> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: "/_ping", timeout: deadlineMs });
    ping.once("response", (response) => {
      response.resume();
      resolve("answers");
    });
    ping.once("timeout", () => {
      resolve("silent");
      ping.destroy();
    });
    ping.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve("absent");
      else if (error.code === "EACCES" || error.code === "EPERM") resolve("denied");
      else if (error.code === "ECONNREFUSED") resolve("refused");
      else resolve("answers");
    });
    ping.end();
  });
}

async function findMissingPackages(systemd: boolean): Promise<readonly string[]> {
  const packages: string[] = [];
  if ((await findCommand("dockerd")) === null) packages.push("docker.io");
  if ((await findCommand("iptables")) === null) packages.push("iptables");
  // With AppArmor in the kernel dockerd loads a profile, and only recommends the package that can.
  const apparmor = (await readText("/sys/module/apparmor/parameters/enabled")).startsWith("Y");
  if (apparmor && (await findCommand("apparmor_parser")) === null) packages.push("apparmor");
  // Nobody else mounts control groups where systemd does not run.
  const cgroups = (await readText("/proc/mounts")).split("\n").some((line) => /^\S+ \S+ cgroup2? /.test(line));
  if (!systemd && !cgroups) packages.push("cgroupfs-mount");
  return packages;
}

async function readPidFile(path: string): Promise<PidFile | null> {
  if (!(await exists(path))) return null;
  const pid = Number.parseInt(await readText(path), 10);
  return { pid, process: pid > 0 ? await kindOfProcess(pid, path) : "dead" };
}

async function kindOfProcess(pid: number, pidFile: string): Promise<PidFile["process"]> {
  const [command = "", ...args] = await readArguments(pid);
  if (command === "") return (await exists(`/proc/${pid}`)) ? "other" : "dead";
  if (basename(command) === "dockerd") return "dockerd";
  return isContainerdOf(command, args, dirname(pidFile)) ? "containerd" : "other";
}

type Survivors = Pick<EngineState, "liveDockerd" | "orphanedContainerd">;

/** A dockerd is known by its pid file or as the parent of the containerd whose configuration is in its folder. */
async function findSurvivors(paths: EnginePaths, pidFile: PidFile | null): Promise<Survivors> {
  if (pidFile?.process === "dockerd") return { liveDockerd: pidFile.pid, orphanedContainerd: null };
  const entries = await readdir("/proc").catch(() => []);
  for (const pid of entries.filter((name) => /^\d+$/.test(name)).map(Number)) {
    const [command = "", ...args] = await readArguments(pid);
    if (!isContainerdOf(command, args, dirname(paths.containerdPidFile))) continue;
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(await readText(`/proc/${pid}/status`))?.[1] ?? "0");
    const [parentCommand = ""] = await readArguments(parent);
    if (basename(parentCommand) === "dockerd") return { liveDockerd: parent, orphanedContainerd: null };
    return { liveDockerd: null, orphanedContainerd: pid };
  }
  return { liveDockerd: null, orphanedContainerd: null };
}

function isContainerdOf(command: string, args: readonly string[], folder: string): boolean {
  // `/var/run` is a link to `/run`, and dockerd has used both spellings.
  const plain = (path: string) => path.replace(/^\/var\/run\//, "/run/");
  return basename(command) === "containerd" && args.map(plain).includes(plain(join(folder, "containerd.toml")));
}

async function readArguments(pid: number): Promise<readonly string[]> {
  return (await readText(`/proc/${pid}/cmdline`)).split("\0");
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
