import { recordedRules } from "../evidence/text/nft/recorded";
import { toXtablesTrace } from "../evidence/text/nft-trace";
import { marksTable } from "../evidence/text/trace-marks";
import type { Gap } from "../model/evidence";
import { familyOf } from "../model/network";
import type { ClientNode, ServerNode, Topology } from "../model/topology";
import { nativeTable } from "../plan/native-rules";
import { marksScript } from "../plan/trace-marks";
import { hasIptables } from "../plan/user-rules";
import { giveUp, poll } from "../text/poll";
import type { NodeShell } from "./node-shell";
import { readFiles } from "./read-files";
import { cutGap, drained, isWholeTrace, longestComplaint, mostBytes } from "./trace-text";

/** Raw texts of a host's own rules. */
export type HostTexts = { readonly trace: string; readonly rules: string };

/** A host, and the process id by which its network namespace is entered. */
export type HostPlace = { readonly host: ClientNode | ServerNode; readonly pid: number };

/**
 * The trace of every TCP packet through a host, from end to end. It listens in the host's network from the patch panel: no host needs
 * a program or a capability for it.
 */
export class HostMonitor {
  readonly host: HostPlace["host"];
  readonly #pid: number;
  readonly #shell: NodeShell;
  readonly #topology: Topology;
  readonly #files: Readonly<Record<"trace" | "rules" | "ruleset" | "json" | "complaints" | "pid", string>>;

  /**
   * @param shell on the patch panel, for this monitor alone
   * @param labId names its folder there
   */
  constructor(shell: NodeShell, labId: string, topology: Topology, { host, pid }: HostPlace) {
    this.host = host;
    this.#pid = pid;
    this.#shell = shell;
    this.#topology = topology;
    const file = (name: string): string => `${folderOf(labId)}/${host.id}.${name}`;
    this.#files = {
      trace: file("trace"),
      rules: file("rules"),
      ruleset: file("ruleset"),
      json: file("json"),
      complaints: file("complaints"),
      pid: file("pid"),
    };
  }

  /** Sets the marks and listens; returns once the kernel sends events. */
  async start(): Promise<void> {
    const { trace, complaints, pid } = this.#files;
    const inside = `nsenter -t ${this.#pid} -n`;
    await this.#shell.run(
      "run",
      [
        `mkdir -p ${trace.replace(/[^/]*$/, "")}; rm -f ${Object.values(this.#files).join(" ")}`,
        inNetwork(this.#pid, marksScript(this.#topology, this.host.id)),
        `(exec ${inside} stdbuf -oL nft -a monitor trace) </dev/null >> ${trace} 2>> ${complaints} & echo $! > ${pid}`,
        poll({
          until: `[ $(${inside} awk '$2 == 12 && $4 != "00000000"' /proc/net/netlink | wc -l) -ge 1 ]`,
          otherwise: giveUp(`the trace of ${this.host.id} cannot be listened to`),
        }),
      ].join("\n"),
    );
  }

  /** Forgets what was seen so far. */
  async clear(): Promise<void> {
    await this.#shell.run("run", `: > ${this.#files.trace}`);
  }

  /** What was seen. `gaps` says what may be missing, and why. */
  async collect(): Promise<{ readonly texts: HostTexts; readonly gaps: readonly Gap[] }> {
    const { trace: traceFile, rules: rulesFile, ruleset: rulesetFile, json: jsonFile } = this.#files;
    const node = this.host.id;
    const family = familyOf(this.#topology, node);
    const waits = drained(this.#files.pid, `nsenter -t ${this.#pid} -n`);
    const lost = (await this.#shell.run("run", waits, { deadlineMs: 60_000 })).trim();
    const snapshots = [
      `${family === "ipv6" ? "ip6tables" : "iptables"}-save -c > ${rulesFile} 2>/dev/null || true`,
      `nft -a list ruleset > ${rulesetFile}`,
      `nft -j list ruleset > ${jsonFile}`,
    ];
    await this.#shell.run("run", inNetwork(this.#pid, snapshots.join("\n")));
    const [trace = "", saved = "", ruleset = "", json = "", complaints = ""] = (
      await readFiles(this.#shell, [traceFile, rulesFile, rulesetFile, jsonFile, this.#files.complaints], mostBytes)
    ).map((file) => file.toString("utf8"));
    const isWhole = isWholeTrace(trace, complaints + lost);
    const { userRules } = this.host;
    const ofIptables = userRules !== undefined && !hasIptables(userRules) ? "" : saved;
    const rules = recordedRules(ofIptables, json, { family, hidden: [marksTable, nativeTable] });
    const reason = complaints.trim().slice(0, longestComplaint) || lost;
    return {
      texts: { trace: toXtablesTrace(trace, ruleset, rules, isWhole), rules },
      gaps: [
        ...cutGap("router-trace", node, trace),
        ...(reason === "" ? [] : [{ collector: "router-trace", node, reason } as const]),
      ],
    };
  }

  /** Ends the listener, which holds the host's network namespace, and the shell. */
  async close(): Promise<void> {
    try {
      await this.#shell.run("run", `[ ! -e ${this.#files.pid} ] || kill $(cat ${this.#files.pid}) 2>/dev/null || true`);
    } finally {
      this.#shell.close();
    }
  }
}

function folderOf(labId: string): string {
  return `/run/ftp-nat-matrix/${labId}.hosts`;
}

/** Shell that runs in a node's network namespace, with the rights of whoever runs it. */
function inNetwork(pid: number, script: string): string {
  return `nsenter -t ${pid} -n bash -e <<'END_IN_NETWORK'\n${script}\nEND_IN_NETWORK`;
}
