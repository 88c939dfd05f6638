import { renderHostRuleset, renderRuleset } from "../../harness/plan/ruleset";
import type { Topology, UserRules } from "../../harness/model/topology";

/** A network whose rules are, as text, what its keys render; the keys themselves then say nothing. */
export function asText(topology: Topology): Topology {
  const nodes = topology.nodes.map((node) => {
    if (node.kind === "translator") return node;
    const ruleset = node.kind === "router" ? renderRuleset(topology, node) : renderHostRuleset(topology, node);
    if (ruleset === null) return node;
    const userRules = iptablesRules(ruleset.text, `${node.id}.v4`);
    if (node.kind !== "router") {
      return { ...node, firewall: { accepts: [] }, userRules };
    }
    const filter = { input: "drop", forward: "drop", related: false, allow: [] } as const;
    return { ...node, helperPorts: [], portForwards: [], masquerade: [], sourceNats: [], filter, userRules };
  });
  return { ...topology, nodes };
}

export function iptablesRules(text: string, file = "own.v4"): UserRules {
  return { format: "iptables", file, text };
}
