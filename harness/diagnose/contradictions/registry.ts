import type { CellEvidence } from "../../model/evidence";
import { plain } from "../plain-text";
import { clientContradictions } from "./client";
import { routerContradictions } from "./routers";
import { serverContradictions } from "./server";
import { testimonyOf } from "./reliable-witnesses";
import { wireContradictions } from "./wires";

/** A recording may hold anything. */
const mostSentences = 50;
const longestSentence = 500;

/**
 * Where the witnesses disagree: client, routers, the server's log and the packets of all of them, one sentence each. What is
 * missing never contradicts, nor what came at the very end of the session. Never throws.
 * @param transfers whether the session was to transfer anything
 */
export function contradictionsOf(evidence: CellEvidence, transfers = true): readonly string[] {
  const testimony = evidence.captures.length === 0 ? null : testimonyOf(evidence);
  if (testimony === null) return [];
  const sentences = [
    ...clientContradictions(testimony),
    ...routerContradictions(testimony),
    ...wireContradictions(testimony),
    ...serverContradictions(testimony, transfers),
  ];
  return sentences.slice(0, mostSentences).map((sentence) => plain(sentence, longestSentence));
}
