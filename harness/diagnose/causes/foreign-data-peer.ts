import type { Remedy } from "../../model/diagnosis";
import type { CauseDefinition } from "../cause";
import { foreignPeerLine, strangersAddress } from "../predicates";
import type { Observations } from "../observations";
import { dataProofs, dialogueProof, logProof } from "../proofs";
import { directivesOf } from "../remedies/server";

// A client may go on after the refusal with another data command, or wait for the end of a transfer that never began.
const stages = ["data-command", "data-connect", "data-tls", "transfer", "completion"];

export const foreignDataPeer: CauseDefinition = {
  id: "foreign-data-peer",
  title: "The data connection came from another address than the control connection, and the server refused it.",
  looksLike:
    "Login works; transfers end with 425, from clients behind several uplinks or a pool of public addresses, or where a " +
    "balancer or a container's proxy before the server translates sources.",
  why:
    "A server may refuse a data connection from a stranger, who could take another's data (RFC 2577). A client behind NAT " +
    "with several public addresses can come with a different one for each connection (RFC 4787 REQ-2 asks for the same).",
  recognise: (seen) => {
    const line = foreignPeerLine(seen);
    const peer = seen.server.peer ?? "the control connection's address";
    const stranger = strangersAddress(seen);
    if (line === null && stranger !== null) {
      return {
        confidence: "likely",
        explanation: `The data connection reached the server from ${stranger}, and the control connection from ${peer}: it came to nothing there.`,
        proofs: dataProofs(seen),
      };
    }
    if (line === null || seen.stage === null || !stages.includes(seen.stage)) return null;
    return {
      confidence: "proven",
      explanation: `The data connection reached the server from another address than ${peer}, and the server rejected it for that.`,
      proofs: [...logProof(line), ...dialogueProof(seen.transferExchange)],
    };
  },
  remedies: (seen) => [
    {
      party: "network admin",
      what: "Give all connections of one client the same public address.",
      lines: ["iptables -t nat -A POSTROUTING -o UPLINK -j SNAT --to-source FIRST-LAST --persistent"],
    },
    ...acceptPeer(seen),
  ],
};

function acceptPeer(seen: Observations): Remedy[] {
  const { acceptForeignPeer: lines } = directivesOf(seen);
  if (lines === null) return [];
  const what = "Accept data connections from other addresses, and let TLS sessions be resumed to know whose they are.";
  return [{ party: "server admin", what, lines }];
}
