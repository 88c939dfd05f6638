/** Lines about a node's routes, as `ip-route(8)` has them. */
import type { BreakHand } from "../../model/first-break";

/** Takes away the route that refuses; empty if none is known to. */
export function refusalLines(hand: BreakHand): readonly string[] {
  if (hand.kind !== "no-route" || hand.neighbour === true || hand.route === undefined) return [];
  const route = refusing.exec(hand.route)?.[0];
  return route === undefined ? [] : [`ip route del ${route}`];
}

const refusing = /^(?:blackhole|unreachable|prohibit|throw) [\da-f.:/]+(?: metric \d+)?/;
