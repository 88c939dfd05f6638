import { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { readUserFile } from "../inputs/load";
import { isRulesProblem, readRules } from "../inputs/rules-text";
import { UsageError } from "../model/errors";
import type { RulesFile } from "../model/topology";
import { withUserRules, type RulesAssignment } from "../plan/user-rules";
import type { UserFiles } from "./user-files";
import type { Catalog } from "../plan/planned-cells";

/**
 * The catalog with users' own rules on routers and hosts of the given topologies. Orders are `FILE` or `NODE=FILE`.
 * @throws UsageError for a file that cannot be read or is no ruleset, and where a topology has no such node.
 */
export function withRouterRules(catalog: Catalog, selected: ReadonlySet<string>, { routerRules }: UserFiles): Catalog {
  if (routerRules.length === 0) return catalog;
  const read = routerRules.map(readOrder);
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
  return { node, rules: rulesIn(file) };
}

function rulesIn(file: string): RulesFile {
  const bytes = readUserFile(file);
  if ("problem" in bytes)
    throw new UsageError(`--router-rules: ${file} ${bytes.problem}.`, { code: "rules-unreadable" });
  const read = readRules(bytes, file);
  if (!isRulesProblem(read)) return read;
  const { message, line, hint } = read;
  throw new UsageError(`--router-rules: ${file}${line === null ? "" : `:${line}`}: it ${message}.`, {
    code: "rules-unknown",
    hint,
  });
}
