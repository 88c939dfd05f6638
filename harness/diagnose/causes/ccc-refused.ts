import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { grantCcc, protectPassword } from "../remedies/server";
import { withoutCcc } from "../remedies/user";
import { isNegative, lastExchange } from "../../ftp/dialogue";
import { logged } from "../observe/server";
import { dialogueProof, logProof } from "../proofs";

export const cccRefused: CauseDefinition = {
  id: "ccc-refused",
  title: "The server does not allow the control connection to be cleared (CCC).",
  looksLike: "Login over TLS works; CCC is answered with 534 or 533, and the client gives up.",
  why:
    "A server may insist on a protected control connection and refuse CCC with 534 (RFC 2228 section 3, RFC 4217 section " +
    "5). ProFTPD does so wherever TLSRequired demands TLS of the control channel: on, ctrl, both, ctrl+data. FEAT lists " +
    "CCC all the same.",
  explains: decision,
  recognise: (seen) => {
    const ccc = lastExchange(seen.dialogue.exchanges, ["CCC"]);
    const code = isNegative(ccc?.code ?? null) ? ccc?.code : seen.replyCode;
    if (seen.stage !== "ccc" || !isNegative(code ?? null)) return null;
    const { tlsRequired } = seen.server.settings;
    const setting = tlsRequired === null ? "" : ` Its configuration says TLSRequired ${tlsRequired}.`;
    return {
      confidence: "shown",
      explanation: `The server answered CCC with ${String(code)}.${setting}`,
      proofs: [...dialogueProof(ccc), ...logProof(logged(seen.server.tlsLog, /unprotected control|CCC/i))],
    };
  },
  remedies: [withoutCcc, grantCcc, protectPassword],
};
