import { isTooLong } from "./locate/too-long";
import type { Observations } from "./observations";
import type { LostSegment } from "./observe/packets";
import { hasHelper } from "./observe/router";

/** What the loss of a segment means. */
export type Loss =
  /** All long ones are lost, and short ones of the same direction arrive. */
  | { readonly kind: "length"; readonly segment: LostSegment }
  /** A part of a data command's line, or of its reply's, that came to a router whose helper follows the connection. */
  | { readonly kind: "partial line"; readonly segment: LostSegment }
  /** A line of the control connection. */
  | { readonly kind: "line"; readonly segment: LostSegment };

/** Patterns that the FTP helper looks for, as far as they go in a part of a line (nf_conntrack_ftp.c, `search`). */
const patterns = ["227 ", "229 ", "PORT ", "EPRT "];

/** What stopped a session in which segments did not arrive; `null` if none is known to be lost. */
export function lossOf(seen: Observations): Loss | null {
  // Messages of the client after it has given up explain nothing.
  const lost = (seen.packets?.lost ?? []).filter(({ text }) => text === null || !/^QUIT\b/i.test(text));
  const segment = lost.find(({ connection }) => connection === "control") ?? lost[0];
  if (segment === undefined) return null;
  const { connection, length, sent, longestArrived } = segment;
  if (isTooLong(length, sent, longestArrived)) return { kind: "length", segment };
  if (connection === "data") return null;
  return isPartialMatch(segment, seen) ? { kind: "partial line", segment } : { kind: "line", segment };
}

/** The helper drops a segment that may be the beginning of what it looks for, and is not all of it. */
function isPartialMatch({ isPart, text, stayed, lastNode }: LostSegment, { routers }: Observations): boolean {
  const router = routers.find(({ id }) => id === lastNode);
  if (!isPart || text === null || !stayed || router === undefined || !hasHelper(router)) return false;
  const start = text.toUpperCase().slice(0, 5);
  return patterns.some((pattern) => start.startsWith(pattern) || pattern.startsWith(start));
}
