import { readFileSync } from "node:fs";
import { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { UsageError, messageOf } from "../model/errors";
import type { UserRules } from "../model/topology";
import { rulesFormat, withUserRules, type RulesAssignment } from "../plan/user-rules";
import type { Catalog } from "../plan/planned-cells";

/** More than any ruleset has. */
const mostBytes = 1024 * 1024;

/**
 * The catalog with users' own rules on routers and hosts of the given topologies. Orders are `FILE` or `NODE=FILE`.
 * @throws UsageError for a file that cannot be read or is no ruleset, and where a topology has no such node.
 */
export function withRouterRules(catalog: Catalog, selected: ReadonlySet<string>, orders: readonly string[]): Catalog {
  if (orders.length === 0) return catalog;
  const read = orders.map(readOrder);
  // Conditions are applied to what is in the files.
  const files = new Set([...selected].map((id) => id.split("+", 1)[0]));
  const topologies = new NetworkCatalog(
    catalog.topologies.files().map((topology) => {
      const changed = files.has(topology.id) ? withUserRules(topology, read) : topology;
      if (typeof changed !== "string") return changed;
      throw new UsageError(`--router-rules: ${changed}.`, {
        code: "rules-misplaced",
        hint: "Choose topologies that have such a node, for example with --topology.",
      });
    }),
  );
  return { ...catalog, topologies };
}

function readOrder(order: string): RulesAssignment {
  const [, node = null, file = order] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(order) ?? [];
  return { node, rules: readRules(file) };
}

function readRules(file: string): UserRules {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const why = messageOf(cause);
    throw new UsageError(`--router-rules: ${file} cannot be read: ${why}.`, { code: "rules-unreadable", cause });
  }
  const format = text.length > mostBytes ? null : rulesFormat(text);
  if (format !== null) return { format, file, text: text.endsWith("\n") ? text : `${text}\n` };
  throw new UsageError(`--router-rules: ${file} is neither the output of iptables-save nor an nftables file.`, {
    code: "rules-unknown",
    hint: "iptables-save begins a table with `*filter`, nftables with `table inet filter {`.",
  });
}
