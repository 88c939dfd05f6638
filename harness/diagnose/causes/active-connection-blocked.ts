import { unexpectedData } from "../explains";
import type { CauseDefinition } from "../cause";
import { attachHelper } from "../remedies/follow-ftp";
import { passiveInstead } from "../remedies/data-commands";
import { clearControl } from "../remedies/clear-control";
import { dataPathFailed, egressRouter, expectedAndBlocked, stopIsSeen } from "../predicates";
import { dataProofs, logProof } from "../proofs";
import { logged } from "../observe/server";
import { endingSentence, place } from "../words";

export const activeConnectionBlocked: CauseDefinition = {
  id: "active-connection-blocked",
  title: "The server's data connection does not reach the client.",
  looksLike: "Active mode: PORT is accepted with 200, then the transfer hangs or ends with 425.",
  why:
    "In active mode the server opens the data connection (RFC 959). A NAT router or firewall before the client sees a " +
    "connection from outside that nobody inside asked for, unless a helper has read PORT or EPRT in clear. ProFTPD " +
    "answers 200 even to a private address if it can use the peer's instead, and 425 if nothing answers there.",
  explains: unexpectedData,
  recognise: (seen) => {
    if (seen.passive || seen.stage !== "data-connect" || !dataPathFailed(seen)) return null;
    if (egressRouter(seen) !== null || expectedAndBlocked(seen) !== null) return null;
    const { helper, replyCode, control, advertised } = seen;
    const answer = replyCode === null ? "" : ` The server gave up with ${replyCode}.`;
    const read = helper.read ? " The FTP helper had read the command, so TLS is not the reason." : "";
    return {
      confidence: stopIsSeen(seen) ? "shown" : "likely",
      explanation: `The server could not connect to the client, which waited at ${place(advertised?.address ?? control.client, advertised?.port ?? null)}.${read}${endingSentence(seen)}${answer}`,
      proofs: [
        ...dataProofs(seen),
        ...logProof(logged(seen.server.systemLog, /unable to (open|build) data connection/i)),
      ],
    };
  },
  remedies: [passiveInstead, attachHelper, clearControl],
};
