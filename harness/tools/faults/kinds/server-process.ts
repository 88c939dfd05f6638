import type { SoftwareId } from "../../../model/ids";
import { serversOf } from "../../../model/network";
import type { Random } from "../../random";
import type { Base, Fault, FaultKind } from "./definition";

/** A server that stands still, or whose sessions die. */
export const serverProcess: FaultKind = {
  id: "server-process",
  weight: 4,
  draw: (base, random) => {
    const pidFile = pidFiles[base.profile.software];
    const [server, ...others] = serversOf(base.topology);
    // Of several servers the first is the only one that can be reached by its shell, and not always the one that is dialled.
    if (pidFile === undefined || server === undefined || others.length > 0) return null;
    return random.chance(0.5) ? standsStill(server.id, pidFile) : dies(server.id, pidFile, base, random);
  },
};

/** Process ids of the daemons that take connections, one or several. */
const pidFiles: Readonly<Partial<Record<SoftwareId, string>>> = {
  proftpd: "/run/proftpd-lab.pid",
  vsftpd: "/run/lab-vsftpd.pids",
  "pure-ftpd": "/run/lab-pure-ftpd.pid",
};

function standsStill(node: string, pidFile: string): Fault {
  return {
    what: `${node}: the server stands still (SIGSTOP)`,
    node,
    changes: [{ kind: "server-files", lines: [`kill -STOP $(cat ${pidFile})`] }],
    rule: null,
    truth: () => ({ causes: ["server-slow"], nodes: [node], quotesRule: false }),
  };
}

/** Whatever the daemon starts is ended without a word, a moment later. */
function dies(node: string, pidFile: string, { profile }: Base, random: Random): Fault | null {
  // Its sessions have a parent of their own.
  if (profile.software === "vsftpd") return null;
  const afterMs = random.whole(3, 30);
  const lines = [
    "setsid -f bash -c '",
    `  main=$(cat ${pidFile})`,
    "  for turn in $(seq 3000); do",
    "    for stat in /proc/[0-9]*/stat; do",
    "      read -r pid name state parent rest 2>/dev/null < $stat || continue",
    `      [ "$parent" != "$main" ] || { sleep ${(afterMs / 1000).toFixed(3)}; kill -KILL $pid; }`,
    "    done",
    "    sleep 0.005",
    "  done",
    "' </dev/null >/dev/null 2>&1",
  ];
  return {
    what: `${node}: the server's sessions are killed after ${afterMs} ms`,
    node,
    changes: [{ kind: "server-files", lines }],
    rule: null,
    truth: () => ({ causes: ["server-process-died"], nodes: [node], quotesRule: false }),
  };
}
