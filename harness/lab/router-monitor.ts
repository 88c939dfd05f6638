import type { Gap } from "../model/evidence";
import type { RouterNode, Topology } from "../model/topology";
import { recordedRules } from "../evidence/text/nft/recorded";
import { toXtablesTrace } from "../evidence/text/nft-trace";
import { marksTable } from "../evidence/text/trace-marks";
import { nativeTable } from "../plan/native-rules";
import { familyOf } from "../model/network";
import { tablesCommand } from "../plan/ruleset";
import { marksScript } from "../plan/trace-marks";
import { hasIptables } from "../plan/user-rules";
import { giveUp, poll } from "../text/poll";
import type { ScriptRunner } from "./node-shell";
import { readFiles } from "./read-files";
import {
  cutGap,
  drained,
  isTracedTo,
  isWholeTrace,
  lastEventsMs,
  longestComplaint,
  mostBytes,
  type Sentinel,
} from "./trace-text";

/** Raw texts of a router's witnesses since they were last cleared. */
export type RouterTexts = {
  readonly trace: string;
  readonly connections: string;
  readonly expectations: string;
  readonly rules: string;
};

const folder = "/run/ftp-nat-matrix";
const files = {
  trace: `${folder}/trace`,
  connections: `${folder}/connections`,
  expectations: `${folder}/expectations`,
};

/** Rules, written down when they are asked for: as `iptables-save` tells them, and as nft does. */
const snapshots = { rules: `${folder}/rules`, ruleset: `${folder}/ruleset`, json: `${folder}/ruleset.json` };

/** The process that listens to the trace. */
const pidFile = `${folder}/trace.pid`;

/** What the listeners say of themselves: that they lost events, or why they ended. */
const complaintsFile = `${folder}/complaints`;

/**
 * A router's witnesses: the rule trace of every SYN or, where the router is traced from end to end, of every TCP packet; and
 * conntrack's connection and expectation events. They write files in the router, which costs the harness nothing while cells run.
 */
export class RouterMonitor {
  readonly router: RouterNode;
  readonly #shell: ScriptRunner;
  readonly #topology: Topology;
  readonly #isMarked: boolean;

  /** @param isMarked whether it is traced from end to end */
  constructor(shell: ScriptRunner, topology: Topology, router: RouterNode, isMarked: boolean) {
    this.#shell = shell;
    this.#topology = topology;
    this.router = router;
    this.#isMarked = isMarked;
  }

  /** Starts the witnesses; returns when all three listen (their netlink groups are set). */
  async start(): Promise<void> {
    const watch = (command: string, file: string): string =>
      `setsid -f stdbuf -oL ${command} >> ${file} 2>>${complaintsFile} </dev/null`;
    await this.#shell.run(
      "run",
      [
        `mkdir -p ${folder}`,
        ...(this.#isMarked ? [marksScript(this.#topology, this.router.id)] : []),
        watch(`sh -c 'echo $$ > ${pidFile}; exec nft -a monitor trace'`, files.trace),
        watch(`conntrack -E -f ${familyOf(this.#topology, this.router.id)} -o timestamp`, files.connections),
        watch("conntrack -E expect -o timestamp", files.expectations),
        `listening() { awk '$2 == 12 && $4 != "00000000"' /proc/net/netlink | wc -l; }`,
        poll({
          until: "[ $(listening) -ge 3 ]",
          otherwise: giveUp("the rule trace or conntrack cannot be listened to"),
        }),
      ].join("\n"),
    );
  }

  /** Forgets what was seen so far. */
  async clear(): Promise<void> {
    await this.#shell.run(
      "run",
      Object.values(files)
        .map((file) => `: > ${file}`)
        .join("; "),
    );
  }

  /**
   * What was seen, once the sentinel's connection stands in it: events come in order, so all earlier ones do too.
   * `gaps` says what may be missing, and why.
   */
  async collect(sentinel: Sentinel): Promise<{ readonly texts: RouterTexts; readonly gaps: readonly Gap[] }> {
    const { source, port } = sentinel;
    // The older tables write their trace to the kernel's log, which no container can read.
    const tellsRules = this.router.make.tables !== "legacy";
    const isTraced = tellsRules || this.#isMarked;
    const tracked = `grep -q 'src=${source} .*dport=${port} ' ${files.connections}`;
    const save = `${tablesCommand(this.#topology, this.router)}-save -c`;
    // Events that are not written yet would look like packets that went no further.
    const lost = this.#isMarked ? (await this.#shell.run("run", drained(pidFile), { deadlineMs: 60_000 })).trim() : "";
    const late = await this.#shell.run(
      "run",
      poll({
        until: isTraced ? isTracedTo(files.trace, sentinel) : tracked,
        otherwise: "echo the last events did not show up in time",
        forMs: lastEventsMs,
      }),
    );
    await this.#shell.run(
      "run",
      `${save} > ${snapshots.rules} 2>&1\nnft -a list ruleset > ${snapshots.ruleset}\nnft -j list ruleset > ${snapshots.json}`,
    );
    const paths = [...Object.values(files), snapshots.rules, snapshots.ruleset, snapshots.json, complaintsFile];
    const [trace = "", connections = "", expectations = "", rules = "", ruleset = "", json = "", complaints = ""] = (
      await readFiles(this.#shell, paths, mostBytes)
    ).map((file) => file.toString("utf8"));
    const isWhole = isWholeTrace(trace, complaints + lost);
    const { userRules } = this.router;
    const saved = recordedRules(userRules !== undefined && !hasIptables(userRules) ? "" : rules, json, {
      family: familyOf(this.#topology, this.router.id),
      // Where rules are a user's own, this table only asks for the trace.
      hidden: [marksTable, ...(userRules === undefined ? [] : [nativeTable])],
    });
    const texts = { trace: toXtablesTrace(trace, ruleset, saved, isWhole), connections, expectations, rules: saved };
    const node = this.router.id;
    const untraced: Gap = {
      collector: "router-trace",
      node,
      reason: "the rule trace, which iptables-legacy writes to the kernel's log",
    };
    const reason = complaints.trim().slice(0, longestComplaint) || lost || late.trim();
    const gaps: readonly Gap[] = [
      ...(tellsRules ? [] : [untraced]),
      ...cutGap("router-events", node, trace),
      ...(reason === "" ? [] : [{ collector: "router-events", node, reason } as const]),
    ];
    return { texts, gaps };
  }
}
