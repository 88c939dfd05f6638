import { isOwnScript } from "../../catalog/clients/own-script";
import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { otherClient } from "../remedies/user";
import { messageProof } from "../proofs";

/** What the client's own kernel says without a packet: nothing listens on the host itself, or no route leads away. */
const saidByKernel = /ECONNREFUSED|connection refused|E(HOST|NET)UNREACH|unreachable|no route/i;

export const clientNeverDialled: CauseDefinition = {
  id: "client-never-dialled",
  title: "The client never sent a packet.",
  looksLike: "The client times out while connecting, or never ends, and neither a router nor the server sees a SYN.",
  why:
    "A client can fail before it dials: at a name that it cannot resolve, at a proxy, or in a mode that does not " +
    "work in its release. No router and no server has a part in it.",
  explains: decision,
  recognise: (seen) => {
    // A script of the reporter's ends for reasons of its own, which it tells.
    if (isOwnScript(seen.cell.client)) return null;
    if (seen.stage !== "control-connect" || !seen.sentNothing || saidByKernel.test(seen.message)) return null;
    return {
      confidence: "shown",
      explanation: "The client sent no packet: it gave up before it dialled.",
      proofs: [...messageProof(seen), { witness: "client", text: "no packet on any of its interfaces" }],
    };
  },
  remedies: [otherClient],
};
