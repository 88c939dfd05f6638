/** What the listeners of routers and hosts share: when their texts are complete, and what may be missing. */
import type { Gap, GapCollector } from "../model/evidence";
import { poll } from "../text/poll";

/** A TCP connection as a node sees its sender: what to wait for before the witnesses' texts are complete. */
export type Sentinel = { readonly source: string; readonly sourcePort: number | null; readonly port: number };

/** In characters: listeners say the same again for each event that they lose. */
export const longestComplaint = 500;

/** How long the last events of a batch are waited for; they are on their way already. */
export const lastEventsMs = 2_000;

/** How long a listener may need to write down all that it was told: a trace of everything can be long, and the machine busy. */
const drainMs = 30_000;

/** More than any honest lab writes; a cell that floods is cut, not the run. */
export const mostBytes = 16 * 1024 * 1024;

/** A command that succeeds once the sentinel's packet stands in a rule trace. */
export function isTracedTo(file: string, { source, sourcePort, port }: Sentinel): string {
  const from = sourcePort === null ? "" : `tcp sport ${sourcePort} `;
  return `grep -q 'saddr ${source} .*${from}tcp dport ${port} ' ${file}`;
}

/**
 * Shell that waits until a listener has written down all that the kernel has told it: nothing waits in its socket, and it sleeps. It
 * says so where that takes too long, or where the kernel had to drop events.
 *
 * @param inside puts a command into the node's network namespace; empty where the shell is in it
 * @param pidFile has the listener's process id
 */
export function drained(pidFile: string, inside = ""): string {
  const sockets = (test: string): string =>
    `${inside} awk '$2 == 12 && $4 != "00000000" && ${test}' /proc/net/netlink`.trim();
  return [
    `drained() { [ -z "$(${sockets("$5 != 0")})" ] && [ "$(cut -d ' ' -f 3 /proc/$(cat ${pidFile})/stat)" = S ] && [ -z "$(${sockets("$5 != 0")})" ]; }`,
    poll({ until: "drained", otherwise: `echo '${backlog}'`, forMs: drainMs }),
    `[ -z "$(${sockets("$9 != 0")})" ] || echo '${overrun}'`,
  ].join("\n");
}

const backlog = "the rule trace is not yet written down";
const overrun = "the kernel reported more than its listener could read";

/** Whether no event can be missing in a rule trace: one that is lost looks like a packet that went no further. */
export function isWholeTrace(trace: string, complaints: string): boolean {
  return !isCut(trace) && complaints.trim() === "";
}

/** That a rule trace was cut, where it was. */
export function cutGap(collector: GapCollector, node: string, trace: string): readonly Gap[] {
  const reason = `the rule trace is cut at ${mostBytes / 1024 / 1024} MB`;
  return isCut(trace) ? [{ collector, node, reason }] : [];
}

function isCut(trace: string): boolean {
  return trace.length >= mostBytes;
}
