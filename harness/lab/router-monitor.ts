import type { Gap } from "../model/evidence";
import type { RouterNode, Topology } from "../model/topology";
import { recordedRules } from "../evidence/text/nft/recorded";
import { toXtablesTrace } from "../evidence/text/nft-trace";
import { nativeTable } from "../plan/native-rules";
import { familyOf } from "../model/network";
import { tablesCommand } from "../plan/ruleset";
import { giveUp, poll } from "../text/poll";
import type { ScriptRunner } from "./node-shell";
import { readFiles } from "./read-files";

/** Raw texts of a router's witnesses since they were last cleared. */
export type RouterTexts = {
  readonly trace: string;
  readonly connections: string;
  readonly expectations: string;
  readonly rules: string;
};

/** A TCP connection as a router sees its sender: what to wait for before the witnesses' texts are complete. */
export type Sentinel = { readonly source: string; readonly sourcePort: number | null; readonly port: number };

const folder = "/run/ftp-nat-matrix";
const files = {
  trace: `${folder}/trace`,
  connections: `${folder}/connections`,
  expectations: `${folder}/expectations`,
};

/** Rules, written down when they are asked for: as `iptables-save` tells them, and as nft does. */
const snapshots = { rules: `${folder}/rules`, ruleset: `${folder}/ruleset`, json: `${folder}/ruleset.json` };

/** What the listeners say of themselves: that they lost events, or why they ended. */
const complaintsFile = `${folder}/complaints`;
/** In characters: they say the same again for each event that they lose. */
const longestComplaint = 500;

/** How long the last events of a batch are waited for; they are on their way already. */
const lastEventsMs = 2_000;

/** More than any honest lab writes; a cell that floods is cut, not the run. */
const mostBytes = 16 * 1024 * 1024;

/**
 * A router's witnesses: the rule trace of every SYN, and conntrack's connection and expectation events. They write files in the
 * router, which costs the harness nothing while cells run.
 */
export class RouterMonitor {
  readonly router: RouterNode;
  readonly #shell: ScriptRunner;
  readonly #topology: Topology;

  constructor(shell: ScriptRunner, topology: Topology, router: RouterNode) {
    this.#shell = shell;
    this.#topology = topology;
    this.router = router;
  }

  /** Starts the witnesses; returns when all three listen (their netlink groups are set). */
  async start(): Promise<void> {
    const watch = (command: string, file: string): string =>
      `setsid -f stdbuf -oL ${command} >> ${file} 2>>${complaintsFile} </dev/null`;
    await this.#shell.run(
      "run",
      [
        `mkdir -p ${folder}`,
        watch("nft -a monitor trace", files.trace),
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
    const { source, sourcePort, port } = sentinel;
    const from = sourcePort === null ? "" : `tcp sport ${sourcePort} `;
    // The older tables write their trace to the kernel's log, which no container can read.
    const isTraced = this.router.make.tables !== "legacy";
    const tracked = `grep -q 'src=${source} .*dport=${port} ' ${files.connections}`;
    const traced = `grep -q 'saddr ${source} .*${from}tcp dport ${port} ' ${files.trace}`;
    const save = `${tablesCommand(this.#topology, this.router)}-save -c`;
    const late = await this.#shell.run(
      "run",
      poll({
        until: isTraced ? traced : tracked,
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
    const { userRules } = this.router;
    const saved = recordedRules(userRules?.format === "nftables" ? "" : rules, json, {
      family: familyOf(this.#topology, this.router.id),
      // Where rules are a user's own, this table only asks for the trace.
      hidden: userRules === undefined ? [] : [nativeTable],
    });
    const texts = { trace: toXtablesTrace(trace, ruleset, saved), connections, expectations, rules: saved };
    const node = this.router.id;
    const untraced: Gap = {
      collector: "router-trace",
      node,
      reason: "the rule trace, which iptables-legacy writes to the kernel's log",
    };
    const reason = complaints.trim().slice(0, longestComplaint) || late.trim();
    const gaps: readonly Gap[] = [
      ...(isTraced ? [] : [untraced]),
      ...(reason === "" ? [] : [{ collector: "router-events", node, reason } as const]),
    ];
    return { texts, gaps };
  }
}
