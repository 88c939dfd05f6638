import { unaimedAtData } from "../explains";
import type { CauseDefinition } from "../cause";
import { acceptRelated } from "../remedies/follow-ftp";
import { expectedAndBlocked } from "../predicates";
import { dataProofs } from "../proofs";
import { announcement, endingSentence } from "../words";

export const relatedNotAccepted: CauseDefinition = {
  id: "related-not-accepted",
  title: "The FTP helper expects the data connection, and the filter does not accept what it expects.",
  looksLike: "A helper is attached and follows the session, but listings and transfers hang or are refused.",
  why:
    "The FTP helper decides nothing by itself: it makes the announced connection RELATED (nf_conntrack_ftp), and a rule has to " +
    "accept that state. An expected connection is never NEW, so rules that allow new connections do not see it either.",
  explains: unaimedAtData,
  recognise: (seen) => {
    const router = expectedAndBlocked(seen);
    if (router === null) return null;
    return {
      confidence: "shown",
      explanation: `The FTP helper on ${router.id} had read the ${announcement(seen)} and expected the connection, and no rule of ${router.id} accepts what is expected (RELATED).${endingSentence(seen)}`,
      proofs: dataProofs(seen),
    };
  },
  remedies: [acceptRelated],
};
