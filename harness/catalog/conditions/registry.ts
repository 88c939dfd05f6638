import type { Topology } from "../../model/topology";
import { conditions } from "./all";
import { isApplicable } from "./definition";

export { conditions };

/**
 * The network with the conditions of these ids true in it, and its id with them: `firewall+reject`. The order of the ids is that
 * of the list, so that a network has one id.
 */
export function applyConditions(topology: Topology, ids: readonly string[]): Topology | { readonly problem: string } {
  const chosen = conditions.filter(({ id }) => ids.includes(id));
  const [unknown] = ids.filter((id) => !conditions.some((condition) => condition.id === id));
  if (unknown !== undefined) return { problem: `there is no condition \`${unknown}\`` };
  let changed = topology;
  for (const [index, condition] of chosen.entries()) {
    const other = chosen.slice(0, index).find(({ about }) => about === condition.about);
    if (other !== undefined) {
      return {
        problem: `\`${other.id}\` and \`${condition.id}\` exclude each other: both are about the ${condition.about}`,
      };
    }
    const applied = condition.apply(changed);
    if (!isApplicable(applied)) {
      return { problem: `\`${condition.id}\` has no meaning in ${topology.id}, which ${applied.problem}` };
    }
    changed = applied;
  }
  return { ...changed, id: [topology.id, ...chosen.map(({ id }) => id)].join("+") };
}
