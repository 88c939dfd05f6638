import type { Recognition } from "./cause";
import type { Observations } from "./observations";
import { dialogueProof, messageProof } from "./proofs";

/** Recognises a cause by the place and the hand of the first break alone. The cause is `shown` if the hand is known. */
export function recogniseBreak(seen: Observations): Recognition | null {
  const { firstBreak, dataExchange } = seen;
  if (firstBreak === null) return null;
  return {
    confidence: firstBreak.hand.kind === "unknown" ? "likely" : "shown",
    explanation: firstBreak.sentence,
    proofs: [...firstBreak.proofs, ...dialogueProof(dataExchange), ...messageProof(seen)],
  };
}

/**
 * For a host's own firewall: its rule or policy is on record, or it listened and said nothing. A silent host may have no way back as well,
 * so that is likely at most; and that it listens is known only of data connections.
 */
export function recogniseHost(seen: Observations): Recognition | null {
  const { firstBreak } = seen;
  if (firstBreak?.hand.kind !== "host") return recogniseBreak(seen);
  if (firstBreak.thing.connection !== "data") return null;
  return {
    confidence: "likely",
    explanation: `${firstBreak.sentence} A host that listens there and says nothing most often has a firewall of its own.`,
    proofs: [...firstBreak.proofs, ...messageProof(seen)],
  };
}
