import type { Ruleset } from "../plan/ruleset";
import { marksScript } from "../plan/trace-marks";
import type { Topology } from "../model/topology";

/** Where a node's files are while they are loaded, in their order; `iptables-restore` and `nft` name them in their complaints. */
export function userRulesPath(index: number): string {
  return `/run/own-rules.${index}`;
}

/** Loads rules in the network of a router or a host, and the tables that let the kernel tell what becomes of each packet. */
export function userRulesScript(topology: Topology, node: string, ruleset: Ruleset): string {
  const marks = marksScript(topology, node);
  const { command, text, further = [], pasted = [] } = ruleset;
  const files = [{ command, text }, ...further];
  const load = files.map((file, index) => `${file.command} ${userRulesPath(index)}`);
  return [
    "set -e",
    ...files.flatMap((file, index) => [
      // The text may be a stranger's, and must not meet the shell.
      `base64 -d > ${userRulesPath(index)} <<'END_OF_RULES'`,
      Buffer.from(file.text).toString("base64"),
      "END_OF_RULES",
    ]),
    // iptables leaves the marks alone. Before all rules, they stand behind connection tracking, which rules call in.
    ...(files.some((file) => file.command === "nft -f") ? ["nft flush ruleset", ...load, marks] : [marks, ...load]),
    ...pastedLines(pasted),
  ].join("\n");
}

/** A container may load no modules: it is enough that they are there, or that the kernel has all built in. */
const modprobe = 'modprobe() { [ ! -e /proc/modules ] || grep -qw "^$1" /proc/modules || [ -d "/sys/module/$1" ]; }';

function pastedLines(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [modprobe, ...lines];
}
