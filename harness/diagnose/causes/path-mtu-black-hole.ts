import { lostBytes } from "../explains";
import type { CauseDefinition } from "../cause";
import { tellTooLong } from "../remedies/packets-and-memory";
import { shorterPackets } from "../remedies/user";
import { lossOf } from "../loss";
import { dialogueProof, lossProof, messageProof } from "../proofs";

export const pathMtuBlackHole: CauseDefinition = {
  id: "path-mtu-black-hole",
  title: "Long packets vanish on the path, and no message tells their sender.",
  looksLike:
    "Login and short listings work; long listings, transfers or the TLS handshake stop at their first full packet.",
  why:
    "A link with a smaller MTU drops packets that are too long and says so by ICMP (fragmentation needed, RFC 1191; packet too " +
    "big, RFC 8201). Where a filter drops that ICMP message, or a link drops silently, the sender repeats the same long " +
    "segment until it gives up; everything short still passes.",
  explains: (found) => lostBytes(found) && found.hand.kind === "mtu",
  recognise: (seen) => {
    const loss = lossOf(seen);
    if (loss?.kind !== "length") return null;
    const { connection, from, length, sent, lastNode, stayed, longestArrived } = loss.segment;
    const where = stayed
      ? `came to ${lastNode} and did not leave it`
      : `left ${lastNode} and did not come to the next node`;
    return {
      confidence: "shown",
      explanation: `A segment of ${length} bytes of the ${from} on the ${connection} connection ${where}, though it was sent ${sent} times; the longest of the same direction that arrived had ${longestArrived} bytes.`,
      proofs: [...lossProof(loss.segment), ...dialogueProof(seen.transferExchange), ...messageProof(seen)],
    };
  },
  remedies: [shorterPackets, tellTooLong],
};
