import { recogniseBreak } from "../break-recognition";
import { letControlPass } from "../remedies/let-through";
import { useImplicitTls } from "../remedies/encryption";
import type { CauseDefinition } from "../cause";

export const lineAlteredOnTheWay: CauseDefinition = {
  id: "line-altered-on-the-way",
  title: "Something on the path changes a line of the dialogue.",
  looksLike:
    "The client reports a reply that the server never gave, or the server a command that the client never sent.",
  why:
    "Application layer gateways and rules that rewrite payload change text that passes in clear. The FTP helper " +
    "changes only addresses and ports in 227, 229, PORT and EPRT (nf_nat_ftp.c), so any other change comes from " +
    "something else.",
  explains: ({ what, thing }) => what === "altered" && thing.kind !== "syn-ack",
  recognise: recogniseBreak,
  remedies: [letControlPass, useImplicitTls],
};
