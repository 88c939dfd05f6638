import { controlLine } from "../explains";
import type { CauseDefinition } from "../cause";
import { detachHelper } from "../remedies/follow-ftp";
import { tlsPastHelper } from "../remedies/encryption";
import { lossOf } from "../loss";
import { dialogueProof, lossProof, messageProof } from "../proofs";

export const helperDroppedPartialLine: CauseDefinition = {
  id: "helper-dropped-partial-line",
  title: "The FTP helper drops a data command or its reply that comes in parts.",
  looksLike:
    "Login works; the client waits for the reply to PASV or EPSV, or the server for PORT or EPRT, until it times out.",
  why:
    "nf_conntrack_ftp reads single segments and does not reassemble them. If a segment begins like 227, 229, PORT or EPRT and " +
    'ends before the line does, the helper drops it ("partial matching") and relies on TCP to send the whole line again. ' +
    "A sender whose segments are too short for the line, or that writes byte by byte, sends the same part for ever.",
  explains: controlLine,
  recognise: (seen) => {
    const loss = lossOf(seen);
    if (loss?.kind !== "partial line") return null;
    const { from, length, sent, lastNode, text } = loss.segment;
    return {
      confidence: "shown",
      explanation: `The ${from} sent a line in parts. The first, "${text ?? ""}" (${length} bytes, sent ${sent} times), came to ${lastNode} and did not leave it: its FTP helper drops a line that it can match only in part.`,
      proofs: [
        ...lossProof(loss.segment),
        ...dialogueProof(seen.dataExchange),
        ...seen.routers
          .filter(({ id }) => id === lastNode)
          .map(({ id }) => ({ witness: id, text: "CT --helper ftp is attached to this session" })),
        ...messageProof(seen),
      ],
    };
  },
  remedies: [tlsPastHelper, detachHelper],
};
