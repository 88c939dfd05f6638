import type { BreakHand } from "../../model/first-break";
import { isUnroutableIPv4 } from "../../net/blocks";
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

/** The client stands behind the very router whose public address it dials: that takes its connection for its own. */
export function dialsFromInside({ firstBreak }: Observations): boolean {
  const packet = firstBreak?.packet ?? null;
  if (firstBreak?.hand.kind !== "not-forwarded" || packet === null || firstBreak.thing.connection !== "control")
    return false;
  return isUnroutableIPv4(packet.source) && !isUnroutableIPv4(packet.destination);
}

/** Whether the control connection ended, as far as is known, at a place that did not let it in. */
function isClosedDoor(seen: Observations): boolean {
  const { firstBreak } = seen;
  if (firstBreak === null) return true;
  if (dialsFromInside(seen)) return false;
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
