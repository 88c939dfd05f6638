/** Segments that are lost for their length. */
import type { Journey } from "../../evidence/timeline/journeys";
import type { FoundBreak } from "./hand";
import { hasArrived, senderOf, type Travel } from "./travel";

/**
 * IPv4 hosts take packets of 576 bytes (RFC 791); with the headers of IP and TCP and TCP's options, no path that is in order loses a
 * segment of this length for its length.
 */
const alwaysPasses = 500;

/** Whether a lost segment shows that the path passes none so long; lengths in bytes of payload, `sent`: how often, all in vain. */
export function isTooLong(length: number, sent: number, longestArrived: number): boolean {
  return length > alwaysPasses && length > longestArrived && sent > 1;
}

/** A long segment that is lost as often as it is sent, while shorter ones of the same end arrive: the path takes none so long. */
export function tooLong<Found extends FoundBreak>(found: Found, journey: Journey, { journeys }: Travel): Found {
  const { length, repeats, connection, way } = journey;
  // A router looks at the length where it looks for the route, between two hooks (ip_forward.c).
  if (found.hand.kind !== "unknown" && found.hand.kind !== "no-route") return found;
  const from = senderOf(connection, way);
  const arrived = journeys.filter((other) => senderOf(other.connection, other.way) === from && hasArrived(other));
  if (!isTooLong(length, repeats + 1, Math.max(0, ...arrived.map((other) => other.length)))) return found;
  const node = found.place?.kind === "node" ? found.place.node : (found.place?.from ?? "");
  return { ...found, hand: { kind: "mtu", node } };
}
