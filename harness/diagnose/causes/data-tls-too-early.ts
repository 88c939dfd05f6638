import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { commandFirst } from "../remedies/user";
import { isPositive } from "../../ftp/dialogue";
import { dialogueProof, messageProof } from "../proofs";

export const dataTlsTooEarly: CauseDefinition = {
  id: "data-tls-too-early",
  title: "The client begins TLS on the data connection before it has sent the transfer command.",
  looksLike:
    "Login over TLS works, the data connection opens, and neither LIST nor any reply follows until a time-out.",
  why:
    "A server may begin TLS on a data connection only once it knows which transfer it is for: ProFTPD accepts the " +
    "connection after LIST, RETR or STOR. A client that waits for the end of the handshake before it sends the " +
    "command waits for ever. The network has no part in it.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const { stage, replyCode, dataExchange, transferExchange } = seen;
    if (stage !== "data-tls" || replyCode !== null || transferExchange !== null) return null;
    if (dataExchange === null || !isPositive(dataExchange.code)) return null;
    return {
      confidence: "shown",
      explanation: `After ${dataExchange.verb} the client began TLS on the data connection and sent no transfer command, for which the server waits.`,
      proofs: [...dialogueProof(dataExchange), ...messageProof(seen)],
    };
  },
  remedies: [commandFirst],
};
