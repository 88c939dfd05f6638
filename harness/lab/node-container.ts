import { GenericContainer } from "testcontainers";
import { messageOf, LabError } from "../model/errors";
import { statusOf, type Engine } from "./engine";
import { Lease, leaseCommand } from "./lease";

/** What a node needs from the engine. */
export type NodeSpec = {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  /** Device files of the engine's machine that it may use. */
  readonly devices?: readonly string[];
  /** `/proc/sys` is read-only inside: sysctls of the network namespace are set when it is made. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Names in /etc/hosts, beside its own. */
  readonly hosts: readonly { readonly host: string; readonly ipAddress: string }[];
  /** Only the patch panel sees other containers' processes. */
  readonly panel: boolean;
};

/** Limits for everything that runs in a lab: text from strangers may run there. */
const limits = { memoryBytes: 1024 * 1024 * 1024, processes: 2048 };

/** Where programs may write: memory of the container, of which there is an end, and not the engine's disk. */
const scratch = { "/tmp": "rw,exec,mode=1777,size=512m", "/var/tmp": "rw,mode=1777,size=16m" };

class NodeContainer extends GenericContainer {
  constructor(spec: NodeSpec) {
    super(spec.image);
    this.withName(spec.name)
      .withNetworkMode("none")
      .withLabels({ ...spec.labels })
      .withCommand([...leaseCommand(spec.hosts.map(({ host, ipAddress }) => `${ipAddress} ${host}`))])
      .withAutoRemove(true)
      .withAddedCapabilities(...spec.capabilities);
    // Also "none" is a network to the engine, which starts itself anew to look after it: half of a container's whole price.
    this.createOpts.NetworkDisabled = true;
    this.createOpts.OpenStdin = true;
    this.createOpts.StdinOnce = true;
    this.hostConfig.AutoRemove = true;
    this.hostConfig.Sysctls = { ...spec.sysctls };
    this.hostConfig.Memory = limits.memoryBytes;
    this.hostConfig.PidsLimit = limits.processes;
    this.hostConfig.Devices = (spec.devices ?? []).map((path) => ({
      PathOnHost: path,
      PathInContainer: path,
      CgroupPermissions: "rw",
    }));
    this.hostConfig.Tmpfs = { ...scratch };
    if (spec.panel) {
      this.hostConfig.PidMode = "host";
      this.hostConfig.UsernsMode = "host";
      this.hostConfig.CapDrop = ["ALL"];
      this.hostConfig.SecurityOpt = ["seccomp=unconfined", "apparmor=unconfined"];
    }
  }
}

/** A started container whose lease this process holds. */
export type LabNode = {
  readonly containerId: string;
  readonly name: string;
  /** Process id of its main process, as the engine's machine counts. */
  readonly pid: number;
  readonly lease: Lease;
};

/** @throws LabError of phase `start`. */
export async function startNode(engine: Engine, spec: NodeSpec): Promise<LabNode> {
  let containerId: string;
  try {
    containerId = (await new NodeContainer(spec).start()).getId();
  } catch (cause) {
    throw new LabError("start", `Container ${spec.name} could not be started: ${messageOf(cause)}`, {
      code: "container-start",
      hint: "Run `npm run matrix -- doctor`.",
      cause,
    });
  }
  try {
    const lease = await Lease.hold(engine, containerId);
    const { State } = await engine.docker.getContainer(containerId).inspect();
    return { containerId, name: spec.name, pid: State.Pid, lease };
  } catch (cause) {
    await removeContainer(engine, containerId);
    throw new LabError("start", `Container ${spec.name} ended at once: ${messageOf(cause)}`, {
      code: "container-start",
      cause,
    });
  }
}

/** Removes a node's container; its lease ends even where that fails. */
export async function removeNode(engine: Engine, { containerId, lease }: LabNode): Promise<void> {
  try {
    await removeContainer(engine, containerId);
  } finally {
    lease.end();
  }
}

/** Removes a container whatever its state; returns when the engine has forgotten it. */
export async function removeContainer(engine: Engine, containerId: string): Promise<void> {
  const container = engine.docker.getContainer(containerId);
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (statusOf(error) === 404) return;
    // 409: the engine removes it already, since it has ended by itself.
    if (statusOf(error) !== 409) throw error;
    await container.wait({ condition: "removed" }).catch((gone: unknown) => {
      if (statusOf(gone) !== 404) throw gone;
    });
  }
}
