import { familyOf } from "../../model/network";
import { helperLines, type RouterNode, type Topology, type TopologyNode, type UserRules } from "../../model/topology";
import { renderHostRuleset, renderRuleset } from "../../plan/ruleset";

/**
 * The network with each node's rules as the text that its keys render, so that what is pasted can be read and loaded. Nodes whose keys
 * say what no text of iptables does, or nothing that can be predicted from it, stay as they are.
 */
export function withTexts(topology: Topology): Topology {
  return { ...topology, nodes: topology.nodes.map((node) => withText(topology, node)) };
}

function withText(topology: Topology, node: TopologyNode): TopologyNode {
  if (node.kind === "translator" || node.userRules !== undefined) return node;
  if (node.kind === "router" && !isPlain(node)) return node;
  const rendered = node.kind === "router" ? renderRuleset(topology, node) : renderHostRuleset(topology, node);
  const text = rendered?.text ?? emptyRules;
  // The lab traces a user's own rules by itself.
  const lines = text.split("\n").filter((line) => !line.endsWith("-j TRACE"));
  const file = `${node.id}.${familyOf(topology, node.id) === "ipv6" ? "v6" : "v4"}`;
  const userRules: UserRules = { format: "iptables", file, text: lines.join("\n") };
  return { ...node, userRules };
}

const emptyRules = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";

function isPlain({ make, portForwards }: RouterNode): boolean {
  const sharesOut = portForwards.some(({ balance }) => balance !== undefined);
  const isUsual = make.tables === "nf_tables" && make.helperBy === "iptables" && make.losesOneIn === null;
  return isUsual && !sharesOut && helperLines.every((line) => make.helperKnows.includes(line));
}
