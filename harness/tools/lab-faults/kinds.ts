import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { NodeRole } from "../../lab/labels";
import type { Random } from "../random";
import type { Session, SessionPlaces, SessionSetup } from "./session";

const run = promisify(execFile);

/** A way to break a session. */
export type LabFault = SessionSetup & {
  readonly id: string;
  readonly what: string;
  /** Whether it ends so abruptly that no last report can be written. */
  readonly isAbrupt?: boolean;
  /** Whether it breaks what others share: only done where it is asked for by name. */
  readonly isShared?: boolean;
  /** Breaks the session; gives whether there was something to break. Called again until there is, or the session is over. */
  readonly strike: (session: Session, random: Random) => Promise<boolean>;
};

/** A person's second Ctrl-C comes later than npm's echo of the first. */
const secondSignalMs = 700;

/** Kills processes whose command line matches a shell pattern, in one container that has such a process. */
function killed(pattern: string, ...roles: readonly NodeRole[]): LabFault["strike"] {
  // The panel sees the processes of the whole machine: those of others live in another file system. Elsewhere nobody else is
  // seen, and who runs under another user does not tell.
  const script = [
    "mine=$(readlink /proc/self/ns/mnt)",
    "for place in /proc/[0-9]*; do",
    "  theirs=$(readlink $place/ns/mnt 2>/dev/null)",
    '  [ "${theirs:-$mine}" = "$mine" ] || continue',
    `  case "$(tr '\\0' ' ' <$place/cmdline 2>/dev/null)" in ${pattern}) kill -9 \${place#/proc/} && echo hit;; esac`,
    "done",
    "true",
  ].join("\n");
  return async (session, random) => {
    for (const container of random.shuffled(await session.containers(...roles))) {
      if ((await session.run(container, script)).includes("hit")) return true;
    }
    return false;
  };
}

/** Kills a whole container. */
function killedContainer(...roles: readonly NodeRole[]): LabFault["strike"] {
  return async (session, random) => {
    const found = await session.containers(...roles);
    if (found.length === 0) return false;
    // It may have ended meanwhile.
    return session.kill(random.pick(found)).then(
      () => true,
      () => false,
    );
  };
}

/** A small file system of its own for the output, which needs the right to mount. */
async function mountOutput({ output }: SessionPlaces): Promise<() => Promise<unknown>> {
  await run("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", output]);
  return () => run("umount", [output]);
}

async function fillOutput({ places: { output } }: Session): Promise<boolean> {
  for (let size = 1024 * 1024; size >= 1024; size /= 4) {
    for (let file = 0; ; file += 1) {
      const isWritten = await writeFile(join(output, `filler-${size}-${file}`), Buffer.alloc(size, 1)).then(
        () => true,
        () => false,
      );
      if (!isWritten) break;
    }
  }
  return true;
}

/** Each way once. Another one is another entry. */
export const labFaults: readonly LabFault[] = [
  {
    id: "kill",
    what: "SIGKILL to the harness",
    isAbrupt: true,
    strike: (session) => Promise.resolve(session.signal("SIGKILL")),
  },
  { id: "term", what: "SIGTERM to the harness", strike: (session) => Promise.resolve(session.signal("SIGTERM")) },
  { id: "int", what: "SIGINT to the harness", strike: (session) => Promise.resolve(session.signal("SIGINT")) },
  {
    id: "int-twice",
    what: "SIGINT to the harness, and another one before it has cleaned up",
    isAbrupt: true,
    strike: async (session) => {
      const isHit = session.signal("SIGINT");
      await delay(secondSignalMs);
      if (!session.isOver) session.signal("SIGINT");
      return isHit;
    },
  },
  {
    id: "terminal",
    what: "a terminal's Ctrl-C to npm and all that it started",
    startedBy: "npm",
    strike: (session) => Promise.resolve(session.signal("SIGINT", "group")),
  },
  { id: "agent", what: "a client's agent is killed", strike: killed("*/ftp-nat-matrix/agent.js*", "client") },
  { id: "server", what: "a server is killed", strike: killed("proftpd*", "server") },
  {
    id: "router-monitor",
    what: "the listeners of a router are killed",
    strike: killed("*monitor\\ trace*|conntrack\\ -E*", "router"),
  },
  { id: "tcpdump", what: "all tcpdumps are killed", strike: killed("tcpdump\\ *", "panel") },
  { id: "container", what: "a container is killed", strike: killedContainer("client", "router", "server") },
  { id: "patch-panel", what: "the patch panel is killed", strike: killedContainer("panel") },
  { id: "disk-full", what: "the disk of the output is full", prepare: mountOutput, strike: fillOutput },
  {
    id: "descriptors",
    what: "the harness may open two more descriptors",
    strike: async (session) => {
      const open = await readdir(`/proc/${session.pid}/fd`).catch(() => null);
      if (open === null) return false;
      await run("prlimit", ["--pid", String(session.pid), `--nofile=${open.length + 2}:`]);
      return true;
    },
  },
  {
    id: "link",
    what: "a router's wire is cut",
    strike: async (session, random) => {
      const found = await session.containers("router");
      if (found.length === 0) return false;
      const cut = `name=$(ip -o link show up | awk -F': ' '$2 !~ /^lo/ { sub(/@.*/, "", $2); print $2 }' | shuf -n 1 --random-source=<(yes ${random.whole(1, 1000)}))`;
      const script = `${cut}\n[ -n "$name" ] && ip link set "$name" down && echo hit; true`;
      return (await session.run(random.pick(found), script)).includes("hit");
    },
  },
  {
    id: "engine",
    what: "the engine and containerd are restarted (systemd)",
    isShared: true,
    strike: async () => {
      await run("systemctl", ["restart", "containerd", "docker"]);
      return true;
    },
  },
];
