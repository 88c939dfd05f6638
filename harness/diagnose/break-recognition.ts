import type { Recognition } from "./cause";
import type { Observations } from "./observations";
import { dialogueProof, messageProof } from "./proofs";

/** For a cause that follows from the place and the hand of the first break alone. It is shown where the hand is known. */
export function recogniseBreak(seen: Observations): Recognition | null {
  const { firstBreak, dataExchange } = seen;
  if (firstBreak === null) return null;
  return {
    confidence: firstBreak.hand.kind === "unknown" ? "likely" : "shown",
    explanation: firstBreak.sentence,
    proofs: [...firstBreak.proofs, ...dialogueProof(dataExchange), ...messageProof(seen)],
  };
}
