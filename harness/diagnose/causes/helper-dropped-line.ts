import { recogniseBreak } from "../break-recognition";
import { lossOf } from "../loss";
import { detachHelper } from "../remedies/follow-ftp";
import { tlsPastHelper } from "../remedies/encryption";
import type { CauseDefinition } from "../cause";

export const helperDroppedLine: CauseDefinition = {
  id: "helper-dropped-line",
  title: "The FTP helper drops a line that it cannot parse.",
  looksLike:
    "The dialogue stops at a reply that begins with 227 but does not answer PASV, or at an unusual PORT. In networks " +
    "without a helper it goes on.",
  why:
    "nf_conntrack_ftp looks at every line that begins like 227, 229, PORT or EPRT. If such a line does not " +
    "continue as it should, the helper drops it and every repetition of it.",
  explains: ({ thing, hand }) => thing.connection === "control" && hand.kind === "helper",
  recognise: (seen) => {
    return lossOf(seen)?.kind === "partial line" ? null : recogniseBreak(seen);
  },
  remedies: [tlsPastHelper, detachHelper],
};
