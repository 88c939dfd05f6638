import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { protectPassword } from "../remedies/server";
import { protectData } from "../remedies/encryption";
import { askedForProtection, refusedProtection } from "../predicates";
import type { Observations } from "../observations";
import { isNegative } from "../../ftp/dialogue";
import { dialogueProof } from "../proofs";

export const protectionRefused: CauseDefinition = {
  id: "protection-refused",
  title: "The server refuses the protection that the client wants for data.",
  looksLike: "Login over TLS works; PROT C or PROT P is answered with 534 or 536, or a transfer with 522.",
  why:
    "PROT says whether data connections are clear (C) or protected (P), and a server may refuse either (RFC 4217 section 9). " +
    "ProFTPD answers 534 to PROT C where TLSRequired demands protected data, and to PROT P where it forbids that (!data).",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const { stage, replyCode, dialogue, server } = seen;
    const refused = dialogue.exchanges.findLast(
      ({ verb, code }) => (verb === "PROT" || verb === "PBSZ") && isNegative(code),
    );
    const atStage = stage === "protection" && isNegative(replyCode) && askedForProtection(seen);
    // Where CCC is refused too, that ends the session, and this would end the next one.
    const wentOn = goesOnInClear(seen);
    if (!wentOn && !atStage && !(stage === "ccc" && refusedProtection(seen))) return null;
    if (/reuse/i.test(`${seen.message} ${seen.transferExchange?.reply ?? ""}`)) return null;
    const { tlsRequired } = server.settings;
    const setting = tlsRequired === null ? "" : ` Its configuration says TLSRequired ${tlsRequired}.`;
    const exchange = refused ?? seen.transferExchange ?? dialogue.exchanges.at(-1) ?? null;
    return {
      confidence: "shown",
      explanation:
        `The server answered ${exchange?.verb ?? "PROT"} with ${String(exchange?.code ?? replyCode)}.${setting}` +
        (wentOn ? " The client went on without TLS on the data connection, and the server waits for TLS there." : ""),
      proofs: dialogueProof(exchange),
      also: stage === "ccc",
    };
  },
  remedies: [protectData, protectPassword],
};

/**
 * After a refused PROT C the client uses a data connection in clear all the same. ProFTPD then still protects data where AUTH SSL or
 * implicit TLS began the session (mod_tls.c, tls_auth), so each waits for the other.
 */
function goesOnInClear(seen: Observations): boolean {
  const { stage, traits, dialogue } = seen;
  if (traits.protection !== "C" || (stage !== "transfer" && stage !== "data-tls")) return false;
  const last = dialogue.exchanges.findLast(({ verb }) => verb === "PROT");
  return last !== undefined && isNegative(last.code);
}
