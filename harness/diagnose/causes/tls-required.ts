import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { demandNothing } from "../remedies/server";
import { useExplicitTls } from "../remedies/encryption";
import { askedForProtection } from "../predicates";
import { refusedExchange } from "../refusals";
import type { Observations } from "../observations";
import type { DialogueExchange } from "../../ftp/dialogue";
import { dialogueProof } from "../proofs";

/** ProFTPD, vsftpd, Pure-FTPd, FileZilla Server, IIS. */
const demand = /(SSL|TLS|AUTH|encrypt\w*|secure connection|cleartext)\b/i;

export const tlsRequired: CauseDefinition = {
  id: "tls-required",
  title: "The server demands TLS, and the session has none.",
  looksLike: "550 SSL/TLS required on the control channel at login, or 522 at the first listing.",
  why:
    "A server may refuse USER on a clear control connection and transfers on a clear data connection (RFC 4217 sections 5 " +
    "and 9; ProFTPD's TLSRequired). A client that speaks plain FTP only cannot meet the demand; the network has no part in it.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const where = clearPart(seen);
    if (where === null) return null;
    const { tlsRequired: setting } = seen.server.settings;
    const said = setting === null ? "" : ` Its configuration says TLSRequired ${setting}.`;
    return {
      confidence: "shown",
      explanation: `The server refused ${where} without TLS with ${String(seen.replyCode)}.${said}`,
      proofs: dialogueProof(refusal(seen)),
    };
  },
  remedies: [useExplicitTls, demandNothing],
};

function clearPart(seen: Observations): string | null {
  const { stage, replyCode, message, traits } = seen;
  const refused = refusal(seen);
  // vsftpd complains so of its own certificate or ciphers, before anybody has asked for TLS.
  if (/\bOOPS: /.test(refused?.reply ?? message)) return null;
  const clear = !(refused?.encrypted ?? traits.tls !== "none");
  if (stage === "login" && replyCode !== null && replyCode >= 400 && clear) {
    return demand.test(`${message} ${refused?.reply ?? ""}`) ? "the login" : null;
  }
  const unprotected = (replyCode === 522 || replyCode === 521) && !askedForProtection(seen);
  return unprotected && (stage === "protection" || stage === "transfer") ? "a transfer" : null;
}

function refusal(seen: Observations): DialogueExchange | null {
  return refusedExchange(seen) ?? seen.dialogue.exchanges.at(-1) ?? null;
}
