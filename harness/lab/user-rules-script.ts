import type { Ruleset } from "../plan/ruleset";
import { marksScript } from "../plan/trace-marks";
import type { Topology } from "../model/topology";

/** Where they are while they are loaded; `iptables-restore` names it in its complaints. */
export const userRulesPath = "/run/own-rules";

/** Loads rules in the network of a router or a host, and the tables that let the kernel tell what becomes of each packet. */
export function userRulesScript(topology: Topology, node: string, { command, text, pasted = [] }: Ruleset): string {
  const marks = marksScript(topology, node);
  return [
    "set -e",
    // The text may be a stranger's, and must not meet the shell.
    `base64 -d > ${userRulesPath} <<'END_OF_RULES'`,
    Buffer.from(text).toString("base64"),
    "END_OF_RULES",
    // iptables leaves the marks alone. Before all rules, they stand behind connection tracking, which rules call in.
    ...(command === "nft -f"
      ? ["nft flush ruleset", `nft -f ${userRulesPath}`, marks]
      : [marks, `${command} ${userRulesPath}`]),
    ...pastedLines(pasted),
  ].join("\n");
}

/** A container may load no modules: it is enough that they are there, or that the kernel has all built in. */
const modprobe = 'modprobe() { [ ! -e /proc/modules ] || grep -qw "^$1" /proc/modules || [ -d "/sys/module/$1" ]; }';

function pastedLines(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [modprobe, ...lines];
}
