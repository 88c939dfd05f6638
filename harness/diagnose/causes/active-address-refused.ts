import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { showClients } from "../remedies/translation";
import { passiveInstead } from "../remedies/data-commands";
import { differs, refusesPort } from "../predicates";
import { dialogueProof, helperProofs, logProof, serverEndProof } from "../proofs";
import { logged } from "../observe/server";
import { place } from "../words";

const refusal = /Refused (PORT|EPRT)|address mismatch|bounce attack/i;

export const activeAddressRefused: CauseDefinition = {
  id: "active-address-refused",
  title: "The server refuses to connect to the address that the client names.",
  looksLike: "Active mode ends at once with 500 Illegal PORT command or 500 Illegal EPRT command; passive mode works.",
  why:
    "A server should not connect to a third party on a client's request (RFC 2577): ProFTPD refuses PORT and EPRT " +
    "whose address is not the control connection's peer, unless ProFTPD and the peer have public addresses and the " +
    "named one is private. A client behind NAT names its own address, and a router that translates clients (SNAT) " +
    "shows the server another one.",
  explains: decision,
  recognise: (seen) => {
    if (!refusesPort(seen)) return null;
    const { advertised, logged: received, server, dataExchange } = seen;
    const line = logged(server.systemLog, refusal);
    const named = received ?? advertised;
    const mismatch = differs(named?.address ?? null, server.peer);
    const peer = server.peer ?? "another address";
    const verb = dataExchange?.verb ?? seen.data.toUpperCase();
    const isSeen = line !== null || mismatch;
    return {
      // A helper that could not read the command may be on a router without evidence.
      confidence: isSeen && !seen.routersMissing ? "shown" : "likely",
      explanation: `${verb} named ${place(named?.address ?? null, named?.port ?? null)}, and the server sees the client at ${peer}: it answered ${String(seen.replyCode)}.`,
      proofs: [...dialogueProof(dataExchange), ...serverEndProof(seen), ...logProof(line), ...helperProofs(seen)],
    };
  },
  remedies: [passiveInstead, showClients],
};
