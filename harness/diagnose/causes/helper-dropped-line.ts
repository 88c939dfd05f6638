import { recogniseBreak } from "../break-recognition";
import { lossOf } from "../loss";
import { detachHelper } from "../remedies/follow-ftp";
import { tlsPastHelper } from "../remedies/encryption";
import type { CauseDefinition } from "../cause";

export const helperDroppedLine: CauseDefinition = {
  id: "helper-dropped-line",
  title: "The FTP helper drops a line that it cannot make sense of.",
  looksLike:
    "The dialogue stops at a reply that begins with 227 and is none of PASV, or at an odd PORT; it passes on networks without a helper.",
  why: "nf_conntrack_ftp looks at every line that begins like 227, 229, PORT or EPRT. One that begins so and does not go on as it should is dropped, and so is every repetition of it.",
  explains: ({ thing, hand }) => thing.connection === "control" && hand.kind === "helper",
  recognise: (seen) => {
    return lossOf(seen)?.kind === "partial line" ? null : recogniseBreak(seen);
  },
  remedies: [tlsPastHelper, detachHelper],
};
