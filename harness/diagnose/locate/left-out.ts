/** A listing that came whole and lacks the files: the server did not name them. */
import type { CellEvidence } from "../../model/evidence";
import { isMissing } from "../../model/gaps";
import { isPositive, lastExchange, listingVerbs } from "../../ftp/dialogue";
import type { FoundBreak } from "./hand";
import type { Session } from "./refusal";
import { hasArrived, type Travel } from "./travel";

/** What the server left out of its listing; `null` if nothing was, or if a part of the listing may have been lost. */
export function leftOut(evidence: CellEvidence, travel: Travel, session: Session): FoundBreak | null {
  const { captures, missing } = evidence;
  const isWhole = captures.every(({ cut }) => cut === null) && !isMissing(missing, "packets");
  const listing = lastExchange(session.dialogue.exchanges, listingVerbs);
  if (!isWhole || session.stage !== "integrity" || listing === null || !isPositive(listing.code)) return null;
  if (!/\bnot listed\b/.test(session.message)) return null;
  const data = travel.journeys.filter(({ connection }) => connection.kind === "data");
  if (data.length === 0 || !data.every((journey) => journey.length === 0 || hasArrived(journey))) return null;
  return {
    what: "never-sent",
    thing: { connection: "data", kind: "names", from: "server", text: null },
    place: null,
    hand: { kind: "server", words: listing.reply },
    proofs: [{ witness: "client", text: `> ${listing.command} < ${listing.reply}` }],
  };
}
