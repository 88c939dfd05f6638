/** Where a node's own routes lead (`NodeFacts.routes`). */
import type { CellEvidence, FlowTuple } from "../../model/evidence";
import { contains, prefixLengthOf } from "../../net/blocks";

/** Whether the node is known to have no route to where the packet is to go. */
export function hasNoRoute({ facts = [] }: CellEvidence, node: string, { destination }: FlowTuple): boolean {
  const own = facts.find((candidate) => candidate.node === node);
  if (own === undefined) return false;
  const covering = own.routes.flatMap((line) => routeTo(line, destination));
  const best = covering.toSorted((one, other) => other.prefix - one.prefix)[0];
  return best === undefined || best.refuses;
}

/** Types of routes that lead nowhere (ip-route(8)). */
const refusingTypes: ReadonlySet<string> = new Set(["blackhole", "unreachable", "prohibit", "throw"]);

/** How narrow a route to an address is, and whether it refuses; nothing where it leads elsewhere. */
function routeTo(line: string, address: string): readonly { readonly prefix: number; readonly refuses: boolean }[] {
  const [first = "", second = ""] = line.split(" ");
  const refuses = refusingTypes.has(first);
  const target = refuses ? second : first;
  if (target === "default") return [{ prefix: 0, refuses }];
  if (!target.includes("/")) return target === address ? [{ prefix: 128, refuses }] : [];
  return contains(target, address) ? [{ prefix: prefixLengthOf(target), refuses }] : [];
}
