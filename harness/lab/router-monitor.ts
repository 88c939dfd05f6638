import type { Gap } from "../model/evidence";
import type { RouterNode, Topology } from "../model/topology";
import { toXtablesTrace } from "../evidence/text/nft-trace";
import { nativeTable } from "../plan/native-rules";
import { familyOf } from "../model/network";
import { tablesCommand } from "../plan/ruleset";
import type { NodeShell } from "./node-shell";

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

/** What the listeners say of themselves: that they lost events, or why they ended. */
const complaintsFile = `${folder}/complaints`;

/** More than any honest lab writes; a cell that floods is cut, not the run. */
const mostBytes = 16 * 1024 * 1024;

/**
 * A router's witnesses: the rule trace of every SYN, and conntrack's connection and expectation events. They write files in the
 * router, which costs the harness nothing while cells run.
 */
export class RouterMonitor {
  readonly router: RouterNode;
  readonly #shell: NodeShell;
  readonly #topology: Topology;

  constructor(shell: NodeShell, topology: Topology, router: RouterNode) {
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
        "for i in $(seq 250); do [ $(listening) -ge 3 ] && exit 0; sleep 0.02; done",
        "echo 'the rule trace or conntrack cannot be listened to'; exit 1",
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
    const marker = "==== end of part ====";
    const parts = Object.values(files).map((file) => `head -c ${mostBytes} ${file}; echo; echo '${marker}'`);
    const family = familyOf(this.#topology, this.router.id) === "ipv6" ? "ip6" : "ip";
    const save = `${tablesCommand(this.#topology, this.router)}-save -c; nft -s list table ${family} ${nativeTable} 2>/dev/null || true`;
    const output = await this.#shell.run(
      "run",
      [
        `complete=no; for i in $(seq 100); do ${isTraced ? traced : tracked} && { complete=yes; break; }; sleep 0.02; done`,
        ...parts,
        save,
        `echo '${marker}'`,
        "nft -a list ruleset",
        `echo '${marker}'`,
        `head -c 500 ${complaintsFile}; echo '${marker}'`,
        "echo $complete",
      ].join("\n"),
    );
    const [trace = "", connections = "", expectations = "", rules = "", ruleset = "", complaints = "", complete = ""] =
      output.split(`${marker}\n`);
    // What nft loads iptables-save cannot tell: those rules count as unknown.
    const saved = this.router.userRules?.format === "nftables" ? "" : rules;
    const texts = { trace: toXtablesTrace(trace, ruleset, saved), connections, expectations, rules: saved };
    const node = this.router.id;
    const untraced: Gap = {
      collector: "router-trace",
      node,
      reason: "the rule trace, which iptables-legacy writes to the kernel's log",
    };
    const late = complete.trim() === "yes" ? null : "the last events did not show up in time";
    const reason = complaints.trim() === "" ? late : complaints.trim();
    const gaps: readonly Gap[] = [
      ...(isTraced ? [] : [untraced]),
      ...(reason === null ? [] : [{ collector: "router-events", node, reason } as const]),
    ];
    return { texts, gaps };
  }
}
