import { parseRules } from "../../evidence/text/rules";
import { familyOf, routersOf } from "../../model/network";
import type { PortRange, RouterNode, Topology } from "../../model/topology";

/** Fewer ports than these are no range for passive connections. */
const fewest = 2;
/** More than these would be all that there is. */
const mostRanges = 3;

/** Whether a range is as good as none. */
export function isAnyPort({ first, last }: PortRange): boolean {
  return last - first >= 20_000;
}

/** For a server that has none: as many sessions at a time as small sites have. */
export const smallRange: PortRange = { first: 50_000, last: 50_100 };

/** Ranges that routers forward or let through already: passive connections could use them. */
export function rangesIn(topology: Topology): readonly PortRange[] {
  const ranges = routersOf(topology).flatMap((router) => rangesOf(topology, router));
  const byText = new Map(ranges.map((range) => [`${range.first} ${range.last}`, range]));
  return [...byText.values()]
    .filter(({ first, last }) => first >= 1024 && last - first + 1 >= fewest && !isAnyPort({ first, last }))
    .slice(0, mostRanges);
}

function rangesOf(topology: Topology, { id, portForwards, filter, userRules }: RouterNode): readonly PortRange[] {
  if (userRules === undefined) {
    return [...portForwards.flatMap(({ ports }) => ports), ...filter.allow.flatMap(({ ports }) => ports ?? [])];
  }
  const { destinationNats, forward } = parseRules(userRules.text, familyOf(topology, id));
  return [...destinationNats, ...forward.accepted].flatMap(({ ports }) => ports ?? []);
}
