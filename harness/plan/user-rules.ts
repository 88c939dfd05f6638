import type { UserRules, Topology } from "../model/topology";
import { hostsOf, routersOf } from "../model/network";

/** A file of rules for a router or a host: by its id, or `null` for the only router that a topology has. */
export type RulesAssignment = { readonly node: string | null; readonly rules: UserRules };

/** Tells `iptables-save` text by its table lines (`*filter`), nftables text by its statements; `null` for neither. */
export function rulesFormat(text: string): UserRules["format"] | null {
  const lines = text.split("\n").map((line) => line.trim());
  const first = lines.find((line) => line !== "" && !line.startsWith("#"));
  if (first === undefined) return null;
  if (/^\*[a-z]+$/.test(first)) return "iptables";
  return /^(table|add|create|flush|delete|destroy|define|include)\b/.test(first) ? "nftables" : null;
}

/** The topology with the files in place; a text says why one of them fits no router of it. */
export function withUserRules(topology: Topology, orders: readonly RulesAssignment[]): Topology | string {
  const routers = routersOf(topology);
  const ids = routers.map(({ id }) => id);
  const placed = new Map<string, UserRules>();
  const hosts = hostsOf(topology).map(({ id }) => id);
  for (const { node, rules } of orders) {
    const [only = null] = ids;
    const id = node ?? (ids.length === 1 ? only : null);
    if (id === null) {
      return ids.length === 0
        ? `${topology.id} has no router that could take ${rules.file}`
        : `${topology.id} has several routers, ${ids.join(" and ")}. Say which one loads ${rules.file}: NODE=FILE`;
    }
    if (![...ids, ...hosts].includes(id)) return `${topology.id} has no router or host ${id}`;
    placed.set(id, rules);
  }
  const nodes = topology.nodes.map((node) => {
    const userRules = placed.get(node.id);
    return node.kind !== "translator" && userRules !== undefined ? { ...node, userRules } : node;
  });
  return { ...topology, nodes };
}
