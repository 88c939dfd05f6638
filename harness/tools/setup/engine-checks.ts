import { describeError, LabError } from "../../model/errors";
import { connectEngine, type Engine } from "../../lab/engine";
import { baseImage, coreImages } from "../../lab/image-definitions";
import { imageId, imageTags } from "../../lab/images";
import { labelKeys, ownerFilter } from "../../lab/labels";
import { failed, fine, skipped, type Finding } from "./check";
import { findModules, sharesKernel } from "./kernel-evidence";
import { runProbe, withIdleContainer } from "./probe-container";
import { describeEngine, modulesRemedy } from "./steps";

type Connection = { readonly engine: Engine | null; readonly answer: Finding; readonly permission: Finding };

/** Asks the engine once, for the two checks that tell an absent engine from a forbidden one. */
export async function checkEngine(): Promise<Connection> {
  try {
    const engine = await connectEngine();
    return { engine, answer: fine(describeEngine(engine)), permission: fine("this user may use it") };
  } catch (error) {
    const { message, hint } = describeError(error);
    const problem = failed(message, hint ?? "Run `npm run setup`.");
    if (error instanceof LabError && error.code === "engine-permission") {
      return { engine: null, answer: skipped("this user may not ask it"), permission: problem };
    }
    return { engine: null, answer: problem, permission: skipped("no engine") };
  }
}

export async function checkBaseImage(engine: Engine): Promise<Finding> {
  const id = await imageId(engine, baseImage);
  return id === null ? failed(`${baseImage} is missing`, "Run `npm run setup`.") : fine(`${baseImage} is there`);
}

export async function checkImages(engine: Engine): Promise<Finding> {
  if ((await imageId(engine, baseImage)) === null) return skipped("no base image");
  const tags = await imageTags(engine);
  const states = await Promise.all(
    coreImages.map(async (name) => ({ name, id: await imageId(engine, tags[name] ?? "") })),
  );
  const missing = states.filter((state) => state.id === null).map((state) => state.name);
  if (missing.length === 0) return fine(`${coreImages.join(", ")} are there`);
  return failed(`${missing.join(", ")} missing or out of date`, "Run `npm run setup`.");
}

/** The network in which images are built: the engine's own bridge, which another engine on the machine may have taken away. */
export async function checkBuildNetwork(engine: Engine, image: string): Promise<Finding> {
  const networks = await engine.docker.listNetworks({ filters: { name: ["bridge"] } });
  const bridge = networks.find(({ Name: name }) => name === "bridge");
  // Other engines have other names for it, and build elsewhere.
  if (bridge === undefined) return skipped("this engine has no network called bridge");
  const device = bridge.Options?.["com.docker.network.bridge.name"] ?? "docker0";
  const command = ["test", "-e", `/sys/class/net/${device}`];
  const { exitCode } = await runProbe(engine, { image, command, hostConfig: { NetworkMode: "host" } });
  return buildNetworkFinding(device, exitCode);
}

/** What it means that a container in the engine's own network finds the bridge (0), does not (1), or could not be started. */
export function buildNetworkFinding(device: string, exitCode: number | null): Finding {
  if (exitCode === 0) return fine(`${device} is there`);
  if (exitCode === null) return skipped("no container could look into the engine's network");
  const remedy =
    "Start the engine anew (`sudo systemctl restart docker`); a second engine needs a network namespace of its own.";
  return failed(`${device} is missing, so no image can be built`, remedy);
}

/** The router's image, from which containers are tried; null where it is not built. */
export async function findProbeImage(engine: Engine): Promise<string | null> {
  const tag = (await imageTags(engine)).router ?? null;
  return tag === null || (await imageId(engine, tag)) === null ? null : tag;
}

/** Does in small what the patch panel does: enters another container's network name space, and makes a veth pair there. */
export async function checkCapabilities(engine: Engine, image: string): Promise<Finding> {
  const probe = await withIdleContainer(engine, image, (pid) =>
    runProbe(engine, {
      image,
      command: [
        "nsenter",
        "--target",
        String(pid),
        "--net",
        "ip",
        "link",
        "add",
        "probe0",
        "type",
        "veth",
        "peer",
        "name",
        "probe1",
      ],
      hostConfig: {
        PidMode: "host",
        UsernsMode: "host",
        CapAdd: ["NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_PTRACE"],
        SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
      },
    }),
  );
  if (probe.exitCode === 0)
    return fine("a container may lay wires between others (NET_ADMIN, NET_RAW, SYS_ADMIN, SYS_PTRACE, pid host)");
  return failed(
    `a container may not lay wires between others: ${probe.output}`,
    "Use an engine that runs as root, where no policy forbids NET_ADMIN, NET_RAW, SYS_ADMIN, SYS_PTRACE and the host's pids.",
  );
}

/** Really attaches the helper, which needs xt_CT and nf_conntrack_ftp, and loads them where they are modules. */
export async function checkHelper(engine: Engine, image: string): Promise<Finding> {
  const match = ["--table", "raw", "--append", "PREROUTING", "--protocol", "tcp", "--dport", "21"];
  const probe = await runProbe(engine, {
    image,
    command: ["iptables", ...match, "--jump", "CT", "--helper", "ftp"],
    hostConfig: { CapAdd: ["NET_ADMIN"] },
  });
  if (probe.exitCode === 0) return fine("iptables attaches the FTP helper (xt_CT, nf_conntrack_ftp)");
  const remedy = sharesKernel(engine)
    ? "Run `sudo modprobe -a nf_conntrack_ftp xt_CT`."
    : "Run `modprobe -a nf_conntrack_ftp xt_CT` as root on the engine's machine (`colima ssh`, `ssh`).";
  return failed(`iptables cannot attach the FTP helper: ${probe.output}`, remedy);
}

/** Nothing in a rule asks for this one, so no probe loads it: without it addresses are silently not rewritten. */
export async function checkHelperNat(engine: Engine, image: string | null): Promise<Finding> {
  const states = await findModules(engine, image);
  const state = states.nf_nat_ftp;
  if (state === "built-in" || state === "loaded") return fine(`nf_nat_ftp ${state.replace("-", " ")}`);
  if (state === "unknown") return skipped("the kernel does not show whether it has nf_nat_ftp");
  return failed(`nf_nat_ftp is ${state}`, modulesRemedy(states, ["nf_nat_ftp"], sharesKernel(engine)));
}

export async function checkIpv6(engine: Engine, image: string): Promise<Finding> {
  const probe = await runProbe(engine, {
    image,
    command: ["ip", "-6", "address", "add", "2001:db8::1/64", "dev", "lo"],
    hostConfig: { CapAdd: ["NET_ADMIN"], Sysctls: { "net.ipv6.conf.all.disable_ipv6": "0" } },
  });
  if (probe.exitCode === 0) return fine("containers can have IPv6 addresses");
  return failed(
    `containers cannot have IPv6 addresses: ${probe.output}`,
    "Enable IPv6 in the kernel (no `ipv6.disable=1` on its command line), or run with `--topology '!ipv6*'`.",
  );
}

/** A run in progress has running containers; a killed run's end by themselves, and kept labs are running on purpose. */
export async function checkLeftovers(engine: Engine): Promise<Finding> {
  const ours = await engine.docker.listContainers({ all: true, filters: { label: [ownerFilter] } });
  const kept = ours.filter((container) => container.Labels[labelKeys.kept] === "true").length;
  const dead = ours.filter((container) => container.State !== "running").length;
  const left = ours.filter((c) => c.State !== "running" || c.Labels[labelKeys.kept] === "true").length;
  if (left > 0) {
    const detail = `${left} left (${kept} kept on purpose, ${dead} not running)`;
    return failed(detail, "Run `npm run matrix -- clean`.");
  }
  return fine(ours.length === 0 ? "none" : `none (${ours.length} containers of a run in progress)`);
}
