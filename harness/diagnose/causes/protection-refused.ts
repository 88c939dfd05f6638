import type { CauseDefinition } from "../cause";
import { askedForProtection, refusedProtection } from "../conditions";
import { isNegative } from "../observe/dialogue";
import { dialogueProof } from "../proofs";
import { useExplicitTls } from "../remedies/user";

export const protectionRefused: CauseDefinition = {
  id: "protection-refused",
  title: "The server refuses the protection that the client wants for data.",
  looksLike: "Login over TLS works; PROT C or PROT P is answered with 534 or 536, or a transfer with 522.",
  why:
    "PROT says whether data connections are clear (C) or protected (P), and a server may refuse either (RFC 4217 section 9). " +
    "ProFTPD answers 534 to PROT C where TLSRequired demands protected data, and to PROT P where it forbids that (!data).",
  recognise: (seen) => {
    const { stage, replyCode, dialogue, server } = seen;
    const refused = dialogue.exchanges.findLast(
      ({ verb, code }) => (verb === "PROT" || verb === "PBSZ") && isNegative(code),
    );
    const atStage = stage === "protection" && isNegative(replyCode) && askedForProtection(seen);
    // The client goes on as if it had been granted: at one end the data connection is clear, at the other it waits for TLS.
    const apart = (stage === "transfer" || stage === "data-tls") && refused?.verb === "PROT";
    // Where CCC is refused too, that ends the session, and this would end the next one.
    if (!atStage && !apart && !(stage === "ccc" && refusedProtection(seen))) return null;
    if (/reuse/i.test(seen.message)) return null;
    const { tlsRequired } = server.settings;
    const setting = tlsRequired === null ? "" : ` Its configuration says TLSRequired ${tlsRequired}.`;
    const exchange = refused ?? seen.transferExchange ?? dialogue.exchanges.at(-1) ?? null;
    return {
      confidence: "proven",
      explanation: `The server answered ${exchange?.verb ?? "PROT"} with ${String(exchange?.code ?? replyCode)}.${setting}${apart ? " The client went on, and the two ends do not agree whether TLS covers the data connection." : ""}`,
      proofs: dialogueProof(exchange),
      also: stage === "ccc",
    };
  },
  remedies: (seen) => [
    ...(seen.traits.protection === "C" ? [useExplicitTls(seen)] : []),
    {
      party: "server admin",
      what: "Leave it to the client whether data is protected.",
      lines: ["TLSRequired auth"],
    },
  ],
};
