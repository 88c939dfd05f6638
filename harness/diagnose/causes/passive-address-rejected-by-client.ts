import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { attachHelper } from "../remedies/follow-ftp";
import { nameDialledAddress } from "../remedies/server";
import { useEpsv, ignoreAddress } from "../remedies/data-commands";
import { rejectsAddress } from "../predicates";
import { dialogueProof, helperProofs, messageProof, serverEndProof } from "../proofs";
import { place } from "../words";

export const passiveAddressRejected: CauseDefinition = {
  id: "passive-address-rejected-by-client",
  title: "The client refuses the address in the 227 reply, though the port behind it could be reached.",
  looksLike: "Login works; the client gives up at PASV and says that the server named another host. EPSV works.",
  why:
    "227 names an address (RFC 959), and behind NAT it is the server's own unless MasqueradeAddress says otherwise. " +
    "Some clients refuse an address that is not the control connection's, to prevent attacks on third parties (RFC " +
    "2577); others dial the control connection's. EPSV names no address (RFC 2428).",
  explains: decision,
  recognise: (seen) => {
    if (!rejectsAddress(seen) || seen.staticallyOpen !== true) return null;
    const { advertised, control } = seen;
    const carrier =
      seen.routers.length === 0 ? "No router would have stopped" : "The routers' static rules would have passed";
    return {
      confidence: "shown",
      explanation: `The 227 reply named ${place(advertised?.address ?? null, advertised?.port ?? null)}, the client had dialled ${control.peer ?? "another address"} and gave up. ${carrier} a connection to ${place(control.peer, advertised?.port ?? null)}.`,
      proofs: [
        ...dialogueProof(seen.dataExchange),
        ...messageProof(seen),
        ...serverEndProof(seen),
        ...helperProofs(seen),
        ...seen.routers.map(({ id }) => ({
          witness: id,
          text: `the rules let port ${String(advertised?.port)} through`,
        })),
      ],
    };
  },
  remedies: [useEpsv, ignoreAddress, nameDialledAddress, attachHelper],
};
