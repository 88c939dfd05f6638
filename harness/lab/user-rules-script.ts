import { renderRuleset, traceTable } from "../plan/ruleset";
import type { RouterNode, Topology } from "../model/topology";

/** Where a router keeps them while they are loaded; `iptables-restore` names it in its complaints. */
export const userRulesPath = "/run/own-rules";

/** Loads a user's own rules in a router, and the table that lets the kernel tell what they decide. */
export function userRulesScript(topology: Topology, router: RouterNode): string {
  const { command, text } = renderRuleset(topology, router);
  return [
    "set -e",
    // The text is a stranger's, and must not meet the shell.
    `base64 -d > ${userRulesPath} <<'END_OF_RULES'`,
    Buffer.from(text).toString("base64"),
    "END_OF_RULES",
    command === "nft -f" ? `nft flush ruleset; nft -f ${userRulesPath}` : `${command} ${userRulesPath}`,
    `nft -f - <<'END_OF_TRACE'\n${traceTable(topology, router)}END_OF_TRACE`,
  ].join("\n");
}
