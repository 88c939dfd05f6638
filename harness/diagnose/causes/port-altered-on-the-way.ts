import type { CauseDefinition } from "../cause";
import { isDataSyn, movesPort } from "../explains";
import { dialogueProof, messageProof, serverEndProof } from "../proofs";
import { removeRule } from "../remedies/by-break";

export const portAlteredOnTheWay: CauseDefinition = {
  id: "port-altered-on-the-way",
  title: "A router or balancer sends the data connection to another port than the server named.",
  looksLike: "The login works; data connections are refused at once, though the passive range is forwarded.",
  why:
    "The port in 227 and 229 is where the server listens (RFC 959, RFC 2428). A forward that shifts ports leads to a " +
    "port on which nothing listens. So does a helper or balancer that changes the port in the reply and not in the " +
    "connection, or the reverse.",
  explains: (found) =>
    isDataSyn(found) && found.what === "refused" && (found.hand.kind === "nothing-listens" || movesPort(found)),
  recognise: (seen) => {
    const { firstBreak, passive, logged, advertised } = seen;
    const named = logged ?? advertised;
    const port = firstBreak?.packet?.destinationPort ?? null;
    if (firstBreak === null || !passive || named === null || port === null || port === named.port) return null;
    return {
      confidence: logged === null ? "likely" : "shown",
      explanation:
        `The server waited at port ${named.port}, and the client's connection came to it at port ${port}: ` +
        `something on the path changed the port. ${firstBreak.sentence}`,
      proofs: [
        ...firstBreak.proofs,
        ...serverEndProof(seen),
        ...dialogueProof(seen.dataExchange),
        ...messageProof(seen),
      ],
    };
  },
  remedies: [removeRule],
};
