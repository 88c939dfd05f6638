import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { finishHandshake } from "../remedies/user";
import { logged } from "../observe/server";
import { dialogueProof, logProof, messageProof } from "../proofs";
import { tlsSessionNotReused } from "./tls-session-not-reused";

/** mod_tls (tls_accept), where the connection ends without a word. */
const endedEarly = /unable to accept TLS connection: (protocol error|client closed|unexpected eof)/i;
/** The client's words for the alert with which a server answers half a handshake; mod_tls then ends the session. */
const cutShort = /alert decode error/i;

export const dataTlsBrokenOff: CauseDefinition = {
  id: "data-tls-broken-off",
  title: "The client closes the data connection before its TLS handshake is over.",
  looksLike:
    "Uploads over TLS work, except for empty files: those end with 425 Unable to build data connection: Operation not " +
    "permitted, or hang, or the server ends the session.",
  why:
    "Many TLS libraries begin the handshake with the first byte that is written. With nothing to write, such a client closes " +
    "the connection without any TLS. A server cannot tell this from an attacker who truncates a file, and refuses. The " +
    "network has no part in it.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const { stage, traits, server, passive } = seen;
    const isLate = stage === "data-tls" || stage === "transfer";
    if (!isLate || traits.protection !== "P" || tlsSessionNotReused.recognise(seen) !== null) return null;
    const line = logged(server.tlsLog, endedEarly);
    if (!passive || (line === null && !cutShort.test(seen.message))) return null;
    const code = seen.replyCode === null ? "" : ` with ${seen.replyCode}`;
    return {
      confidence: "shown",
      explanation: `The client ended the data connection before its TLS handshake was over, and the server refused the transfer${code}.`,
      proofs: [...dialogueProof(seen.transferExchange), ...messageProof(seen), ...logProof(line)],
    };
  },
  remedies: [finishHandshake],
};
