/** Where a node's own routes lead (`NodeFacts.routes`). */
import type { CellEvidence, FlowTuple } from "../../model/evidence";
import type { BreakHand } from "../../model/first-break";
import { contains, prefixLengthOf } from "../../net/blocks";

/** Whether the node is known to have no route to where the packet is to go. */
export function hasNoRoute(evidence: CellEvidence, node: string, flow: FlowTuple): boolean {
  const best = bestRoute(evidence, node, flow);
  return best !== undefined && (best === null || best.refuses);
}

/** The route by which the node sends a packet, or refuses to, as `ip route` prints it; left out if it has none, or if that is unknown. */
export function knownRoute(evidence: CellEvidence, node: string, flow: FlowTuple): { readonly route?: string } {
  const own = evidence.facts?.find((candidate) => candidate.node === node);
  // Rules of its own (`ip rule`) may look into other tables.
  if (own === undefined || own.routes.some((line) => /^\d+:|\btable\b/.test(line))) return {};
  const best = bestRoute(evidence, node, flow) ?? null;
  return best === null ? {} : { route: best.line };
}

/** The hand of a node that has no route for a packet, or one that refuses it. */
export function noRoute(evidence: CellEvidence, node: string, flow: FlowTuple): BreakHand {
  return { kind: "no-route", node, ...knownRoute(evidence, node, flow) };
}

/** The narrowest route to where the packet is to go; `null` for none, and `undefined` if the node's routes are not recorded. */
function bestRoute({ facts = [] }: CellEvidence, node: string, { destination }: FlowTuple): Route | null | undefined {
  const own = facts.find((candidate) => candidate.node === node);
  if (own === undefined) return undefined;
  const covering = own.routes.flatMap((line) => routeTo(line, destination));
  return covering.toSorted((one, other) => other.prefix - one.prefix)[0] ?? null;
}

type Route = { readonly line: string; readonly prefix: number; readonly refuses: boolean };

/** Types of routes that lead nowhere (ip-route(8)). */
const refusingTypes: ReadonlySet<string> = new Set(["blackhole", "unreachable", "prohibit", "throw"]);

/** How narrow a route to an address is, and whether it refuses; nothing where it leads elsewhere. */
function routeTo(line: string, address: string): readonly Route[] {
  const [first = "", second = ""] = line.split(" ");
  const refuses = refusingTypes.has(first);
  const target = refuses ? second : first;
  if (target === "default") return [{ line, prefix: 0, refuses }];
  if (!target.includes("/")) return target === address ? [{ line, prefix: 128, refuses }] : [];
  return contains(target, address) ? [{ line, prefix: prefixLengthOf(target), refuses }] : [];
}
