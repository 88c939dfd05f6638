import { decision, isDataSyn } from "../explains";
import type { CauseDefinition } from "../cause";
import { sameAddress } from "../remedies/translation";
import { takeAnyPeer } from "../remedies/server";
import { foreignPeerLine, strangersAddress } from "../predicates";
import { dataProofs, dialogueProof, logProof } from "../proofs";

// A client may go on after the refusal with another data command, or wait for the end of a transfer that never began.
const stages = ["data-command", "data-connect", "data-tls", "transfer", "completion"];

export const foreignDataPeer: CauseDefinition = {
  id: "foreign-data-peer",
  title: "The data connection came from another address than the control connection, and the server refused it.",
  looksLike:
    "Login works; transfers end with 425, from clients behind several uplinks or a pool of public addresses, or where a " +
    "balancer or a container's proxy before the server translates sources.",
  why:
    "A server may refuse a data connection from another address, since a stranger could use it to take the data (RFC " +
    "2577). Behind NAT with several public addresses, a client can get a different one for each connection (RFC " +
    "4787 REQ-2 asks for the same one).",
  explains: (found) => decision(found) || (isDataSyn(found) && found.hand.kind !== "rule"),
  recognise: (seen) => {
    const line = foreignPeerLine(seen);
    const peer = seen.server.peer ?? "the control connection's address";
    const stranger = strangersAddress(seen);
    if (line === null && stranger !== null) {
      return {
        confidence: "likely",
        explanation: `The data connection reached the server from ${stranger}, and the control connection from ${peer}: the server did not use it.`,
        proofs: dataProofs(seen),
      };
    }
    if (line === null || seen.stage === null || !stages.includes(seen.stage)) return null;
    return {
      confidence: "shown",
      explanation:
        `The data connection reached the server from another address than ${peer}, and the server ` +
        `rejected it for that reason.`,
      proofs: [...logProof(line), ...dialogueProof(seen.transferExchange)],
    };
  },
  remedies: [sameAddress, takeAnyPeer],
};
