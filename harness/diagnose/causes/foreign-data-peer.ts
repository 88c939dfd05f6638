import type { CauseDefinition } from "../cause";
import { foreignPeerLine } from "../conditions";
import { dialogueProof, logProof } from "../proofs";

const stages = ["data-connect", "data-tls", "transfer"];

export const foreignDataPeer: CauseDefinition = {
  id: "foreign-data-peer",
  title: "The data connection came from another address than the control connection, and the server refused it.",
  looksLike: "Login works; transfers end with 425, from clients behind several uplinks or a pool of public addresses.",
  why:
    "A server may refuse a data connection from a stranger, who could take another's data (RFC 2577). A client behind NAT " +
    "with several public addresses can come with a different one for each connection (RFC 4787 REQ-2 asks for the same).",
  recognise: (seen) => {
    const line = foreignPeerLine(seen);
    if (line === null || seen.stage === null || !stages.includes(seen.stage)) return null;
    const peer = seen.server.peer ?? "the control connection's address";
    return {
      confidence: "proven",
      explanation: `The data connection reached the server from another address than ${peer}, and the server rejected it for that.`,
      proofs: [...logProof(line), ...dialogueProof(seen.transferExchange)],
    };
  },
  remedies: () => [
    {
      party: "network admin",
      what: "Give all connections of one client the same public address.",
      lines: ["iptables -t nat -A POSTROUTING -o UPLINK -j SNAT --to-source FIRST-LAST --persistent"],
    },
    {
      party: "server admin",
      what: "Accept data connections from other addresses, and let TLS sessions be resumed to know whose they are.",
      lines: ["AllowForeignAddress on"],
    },
  ],
};
