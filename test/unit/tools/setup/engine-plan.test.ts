import { planEngineStart, type EnginePaths, type EngineState } from "../../../../harness/tools/setup/engine-plan";

const paths: EnginePaths = {
  socket: "/run/docker.sock",
  pidFile: "/run/docker.pid",
  containerdPidFile: "/run/docker/containerd/containerd.pid",
  systemContainerdSocket: "/run/containerd/containerd.sock",
};

/** A root shell on Debian without systemd, with Docker installed and nothing left behind. */
const stopped: EngineState = {
  platform: "linux",
  dockerHost: "",
  root: true,
  osName: "Debian GNU/Linux 12",
  debianLike: true,
  systemd: false,
  socket: "absent",
  missingPackages: [],
  pidFile: null,
  containerdPidFile: null,
  liveDockerd: null,
  orphanedContainerd: null,
  systemContainerdSocket: "absent",
};

/** The plan in few words: what is done to what. */
function plan(change: Partial<EngineState>): readonly string[] {
  const made = planEngineStart({ ...stopped, ...change }, paths);
  if (made.kind === "ready") return ["ready"];
  if (made.kind === "give-up") return [made.code, made.reason, ...made.remedies];
  return made.actions.map((action) => {
    if (action.kind === "install") return `install ${action.packages.join(" ")}`;
    if (action.kind === "remove-file") return `remove ${action.path}`;
    if (action.kind === "end-process") return `end ${action.pid}`;
    return action.kind;
  });
}

describe("planning an engine's start", () => {
  it("does nothing when the engine answers", () => {
    expect(plan({ socket: "answers" })).toEqual(["ready"]);
  });

  it("starts dockerd by hand where systemd does not run", () => {
    expect(plan({})).toEqual(["start-daemon", "wait"]);
  });

  it("leaves the start, and the socket's file, to systemd where it runs", () => {
    expect(plan({ systemd: true, socket: "refused" })).toEqual(["start-service", "wait"]);
  });

  it("installs what is missing first", () => {
    const missingPackages = ["docker.io", "iptables"];
    expect(plan({ missingPackages })).toEqual(["install docker.io iptables", "start-daemon", "wait"]);
  });

  it("removes a pid file whose process has ended, and a socket on which nobody listens", () => {
    expect(plan({ pidFile: { pid: 7, process: "dead" }, socket: "refused" })).toEqual([
      "remove /run/docker.pid",
      "remove /run/docker.sock",
      "start-daemon",
      "wait",
    ]);
  });

  it("removes a pid file whose number another process was given", () => {
    expect(plan({ pidFile: { pid: 7, process: "other" } })[0]).toBe("remove /run/docker.pid");
  });

  it("waits for a dockerd that runs and does not answer yet, and starts no second one", () => {
    const pidFile = { pid: 7, process: "dockerd" } as const;
    for (const socket of ["absent", "refused", "silent"] as const) {
      expect(plan({ pidFile, liveDockerd: 7, socket })).toEqual(["wait"]);
    }
  });

  it("ends a containerd whose dockerd is gone, and removes its pid file", () => {
    expect(plan({ orphanedContainerd: 9, containerdPidFile: { pid: 9, process: "containerd" } })).toEqual([
      "end 9",
      "remove /run/docker/containerd/containerd.pid",
      "start-daemon",
      "wait",
    ]);
  });

  it("ends an orphaned containerd that no pid file names", () => {
    expect(plan({ orphanedContainerd: 9 })).toEqual(["end 9", "start-daemon", "wait"]);
  });

  it("ends no process that merely has the number in containerd's pid file", () => {
    expect(plan({ containerdPidFile: { pid: 9, process: "other" } })).toEqual([
      "remove /run/docker/containerd/containerd.pid",
      "start-daemon",
      "wait",
    ]);
  });

  it("removes the system containerd's socket only when nobody listens on it", () => {
    expect(plan({ systemContainerdSocket: "refused" })[0]).toBe("remove /run/containerd/containerd.sock");
    expect(plan({ systemContainerdSocket: "answers" })).toEqual(["start-daemon", "wait"]);
    expect(plan({ systemContainerdSocket: "silent" })).toEqual(["start-daemon", "wait"]);
  });

  it("removes no socket behind which something listens in silence", () => {
    expect(plan({ socket: "silent" })[0]).toBe("engine-unreachable");
  });

  it("never starts a local engine when DOCKER_HOST names one, even if a local one answers", () => {
    const dockerHost = "tcp://lab:2375";
    for (const socket of ["absent", "answers"] as const) {
      expect(plan({ dockerHost, socket })).toEqual([
        "engine-unreachable",
        "The engine at DOCKER_HOST=tcp://lab:2375 does not answer.",
        "Start that engine, or unset DOCKER_HOST to use the local one.",
      ]);
    }
  });

  it("changes nothing without root, and says what to do for each thing missing", () => {
    const [code, reason, ...remedies] = plan({ root: false, missingPackages: ["docker.io", "iptables"] });
    expect([code, reason]).toEqual([
      "engine-unreachable",
      "No Docker engine answers, and only root may install or start one.",
    ]);
    expect(remedies).toEqual([
      "Install: `sudo apt-get install --no-install-recommends docker.io iptables`.",
      "Start it: `sudo dockerd`.",
      "Let this user use it: `sudo usermod -aG docker $USER`, then log in again.",
    ]);
  });

  it("changes nothing on a system that is not like Debian", () => {
    expect(plan({ debianLike: false, osName: "Fedora", systemd: true, missingPackages: ["docker.io"] })).toEqual([
      "engine-unreachable",
      "No Docker engine answers, and Fedora is not a system on which setup installs or starts one.",
      "Install Docker Engine: https://docs.docker.com/engine/install/.",
      "Start it: `systemctl start docker`.",
    ]);
  });

  it("names Docker Desktop and colima on macOS", () => {
    expect(plan({ platform: "darwin", root: false }).join()).toMatch(/Docker Desktop.*colima start/);
  });

  it("tells a forbidden socket from an absent engine", () => {
    expect(plan({ root: false, socket: "denied" })).toEqual([
      "engine-permission",
      "A Docker engine is there, but this user may not use /run/docker.sock.",
      "Run `sudo usermod -aG docker $USER` and log in again.",
    ]);
  });
});
