import type { BreakHand } from "../../model/first-break";
import type { PortRange } from "../../model/topology";
import type { Observations, RouterView } from "../observations";
import { isOpenOn } from "./open-range";

/** Routers whose rules keep clients from the control port. A rule that picks it out, a route or a filter of sources has a cure of its own. */
export function closedToControl(seen: Observations): readonly RouterView[] {
  if (!isClosedDoor(seen)) return [];
  const port: PortRange = { first: seen.control.port, last: seen.control.port };
  const isThrough = ({ control, translatesServer }: RouterView): boolean => control !== null && translatesServer;
  return seen.routers.filter((router) => !isThrough(router) && !isOpenOn(seen, router, port));
}

/** Whether the control connection ended where nothing let it in, as far as anybody tells. */
function isClosedDoor({ firstBreak }: Observations): boolean {
  if (firstBreak === null) return true;
  const { hand } = firstBreak;
  return doors.has(hand.kind) || (hand.kind === "rule" && hand.isClosing);
}

const doors: ReadonlySet<BreakHand["kind"]> = new Set(["policy", "not-forwarded", "unknown", "host"] as const);

/** Nobody on the way kept the control connection from the server. */
export function refusesItself(seen: Observations): boolean {
  const hand = seen.firstBreak?.hand.kind ?? "unknown";
  if (hand !== "unknown") return hand === "nothing-listens";
  if (seen.routersMissing) return seen.routers.length === 0 && /refused/i.test(seen.message);
  return closedToControl(seen).length === 0;
}
