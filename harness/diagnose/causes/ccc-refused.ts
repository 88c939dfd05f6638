import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { grantCcc, protectPassword } from "../remedies/server";
import { withoutCcc } from "../remedies/clear-control";
import { softwareNamed } from "../../catalog/servers/registry";
import type { Observations } from "../observations";
import { isNegative, lastExchange, refusedCcc } from "../../ftp/dialogue";
import { logged } from "../observe/server";
import { helperCouldNotRead } from "../predicates";
import { dataProofs, dialogueProof, logProof } from "../proofs";
import { announcement, endingSentence } from "../words";

export const cccRefused: CauseDefinition = {
  id: "ccc-refused",
  title: "The server does not allow the control connection to be cleared (CCC).",
  looksLike: "Login over TLS works; CCC is answered with 534 or 533, and the client gives up.",
  why:
    "A server may insist on a protected control connection and refuse CCC with 534 (RFC 2228 section 3, RFC 4217 section " +
    "5). ProFTPD does so wherever TLSRequired demands TLS of the control channel: on, ctrl, both, ctrl+data. FEAT lists " +
    "CCC all the same.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const ccc = lastExchange(seen.dialogue.exchanges, ["CCC"]);
    const code = isNegative(ccc?.code ?? null) ? ccc?.code : seen.replyCode;
    // A client that goes on under TLS meets the helper that CCC was to let read.
    const isBlind = refusedCcc(seen.dialogue) !== null && helperCouldNotRead(seen);
    if ((seen.stage !== "ccc" && !isBlind) || !isNegative(code ?? null)) return null;
    const effect = isBlind
      ? ` The client went on under TLS, so the FTP helper could not read the ${announcement(seen)}.${endingSentence(seen)}`
      : "";
    const { tlsRequired } = seen.server.settings;
    const setting = tlsRequired === null ? "" : ` Its configuration says TLSRequired ${tlsRequired}.`;
    return {
      // Some clients go on without it, and what the server refused then may be what ended the session.
      confidence: wentOnTo(seen) === null ? "shown" : "likely",
      explanation: `The server answered CCC with ${String(code)}: ${reasonOf(seen, code ?? null)}.${setting}${effect}`,
      proofs: [
        ...dialogueProof(ccc),
        ...(isBlind ? dataProofs(seen) : []),
        ...logProof(logged(seen.server.tlsLog, /unprotected control|CCC/i)),
      ],
    };
  },
  remedies: [withoutCcc, grantCcc, protectPassword],
};

/** A command that the server refused after CCC, by a client that went on without it. */
function wentOnTo({ dialogue }: Observations): string | null {
  const ccc = dialogue.exchanges.findLastIndex(({ verb }) => verb === "CCC");
  const later = dialogue.exchanges.slice(ccc + 1).find(({ verb, code }) => verb !== "QUIT" && isNegative(code));
  return later?.command ?? null;
}

/** RFC 959 section 4.2.1, RFC 2228 section 3, RFC 4217 section 5; and ProFTPD's `<Limit CCC>`, which answers 550. */
function reasonOf({ server, dialogue }: Observations, code: number | null): string {
  const { software, configuration } = server;
  const rule =
    software === null || configuration === "" ? null : softwareNamed(software).deniedBy("CCC", configuration);
  switch (code) {
    case 500:
    case 502:
    case 504:
      return "it does not know the command";
    case 533:
      return "its policy wants the control connection protected";
    case 534:
      return rule === null ? "its policy does not allow a clear control connection" : `its configuration says ${rule}`;
    case 503:
      return "it takes CCC only at another point of the session";
    case 550:
      return rule === null ? "a rule denies the command" : `its configuration says ${rule}`;
    default: {
      const ccc = lastExchange(dialogue.exchanges, ["CCC"]);
      return ccc === null || ccc.reply === "" ? "it gives no reason" : `"${ccc.reply}"`;
    }
  }
}
