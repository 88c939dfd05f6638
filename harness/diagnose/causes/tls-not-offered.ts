import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { offerTls } from "../remedies/server";
import { usePlainFtp } from "../remedies/encryption";
import { isNegative, lastExchange } from "../../ftp/dialogue";
import { dialogueProof } from "../proofs";

export const tlsNotOffered: CauseDefinition = {
  id: "tls-not-offered",
  title: "The server does not offer TLS.",
  looksLike: "AUTH TLS is answered with 500, 502, 504 or 534, and the client goes no further.",
  why:
    "Explicit TLS begins with AUTH TLS (RFC 4217 section 4). A server without TLS does not know the command or refuses it. " +
    "Some firewalls answer it themselves, to keep the dialogue readable.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const auth = lastExchange(seen.dialogue.exchanges, ["AUTH"]);
    const code = auth?.code ?? seen.replyCode;
    if (seen.stage !== "auth-tls" || !isNegative(code)) return null;
    const heard = seen.server.exchanges.some(({ command }) => /^AUTH\b/i.test(command));
    const witness = heard || !seen.server.seen ? "" : " The server's own log does not contain the command.";
    return {
      confidence: "shown",
      explanation: `AUTH TLS was answered with ${code}.${witness}`,
      proofs: dialogueProof(auth),
    };
  },
  remedies: [offerTls, usePlainFtp],
};
