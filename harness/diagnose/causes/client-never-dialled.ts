import { isOwnClient } from "../../catalog/clients/user-program";
import type { Proof } from "../../model/diagnosis";
import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import type { Observations } from "../observations";
import { otherClient } from "../remedies/user";
import { messageProof } from "../proofs";

/** What the client's own kernel says without a packet: nothing listens on the host itself, or no route leads away. */
const saidByKernel = /ECONNREFUSED|connection refused|E(HOST|NET)UNREACH|unreachable|no route/i;

/** Whether the client ended, or was ended, without a packet to the server, and not because of its own kernel. */
export function sentNothing(seen: Observations): boolean {
  return seen.stage === "control-connect" && seen.sentNothing && !saidByKernel.test(seen.message);
}

/** All that was seen of a client that sent nothing. */
export function silenceProofs(seen: Observations): readonly Proof[] {
  return [...messageProof(seen), { witness: "client", text: "no packet on any of its interfaces" }];
}

export const clientNeverDialled: CauseDefinition = {
  id: "client-never-dialled",
  title: "The client never sent a packet.",
  looksLike: "The client times out while connecting, or never ends, and neither a router nor the server sees a SYN.",
  why:
    "A client can fail before it dials: at a name that it cannot resolve, at a proxy, or in a mode that does not " +
    "work in its release. No router and no server has a part in it.",
  explains: decision,
  recognise: (seen) => {
    if (!sentNothing(seen) || isOwnClient(seen.cell.client)) return null;
    return {
      confidence: "shown",
      explanation: "The client sent no packet: it gave up before it dialled.",
      proofs: silenceProofs(seen),
    };
  },
  remedies: [otherClient],
};
