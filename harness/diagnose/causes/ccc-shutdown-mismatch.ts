import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { closeTlsFirst, withoutCcc } from "../remedies/clear-control";
import type { Observations } from "../observations";
import { isPositive, lastExchange, type DialogueExchange } from "../../ftp/dialogue";
import { dialogueProof, messageProof } from "../proofs";

export const cccShutdownMismatch: CauseDefinition = {
  id: "ccc-shutdown-mismatch",
  title: "Client and server do not end TLS in the same way after CCC.",
  looksLike:
    "CCC is answered with 200. Then the client reports `Peer closed connection` or `wrong version number`, waits, or " +
    "connects again; now and then it works.",
  why:
    "After CCC both ends go on without TLS (RFC 4217 section 5), but nothing specifies which of them sends " +
    "close_notify first, or whether the other answers it. A client that waits for the other end, speaks TLS once " +
    "more, or takes close_notify for the end of the connection loses the control connection. lftp does the last if " +
    "it reads the 200 and the close_notify at once.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const ccc = lastExchange(seen.dialogue.exchanges, ["CCC"]);
    if (seen.stage !== "ccc" || ccc === null || !isPositive(ccc.code)) return null;
    const later = seen.dialogue.exchanges.slice(seen.dialogue.exchanges.indexOf(ccc) + 1);
    const next = later[0] === undefined ? "the client sent nothing after it" : answerTo(later[0], seen);
    const heard = speaksTls(seen) ? " What the server heard in clear was TLS." : "";
    return {
      confidence: heard === "" ? "likely" : "shown",
      explanation: `The server granted CCC with ${String(ccc.code)}, and ${next}: the two ends did not leave TLS together.${heard}`,
      proofs: [...dialogueProof(ccc), ...messageProof(seen)],
    };
  },
  remedies: [closeTlsFirst, withoutCcc],
};

/** What the packets show of the answer to the first command after CCC. */
function answerTo({ verb }: DialogueExchange, { wire }: Observations): string {
  const segments = wire?.control?.segments ?? [];
  const isCommand = ({ from, text }: (typeof segments)[number]): boolean =>
    from === "client" && text?.toUpperCase().startsWith(verb) === true;
  const sent = segments.find(isCommand);
  if (wire === null) return `${verb} got no answer that the client could read`;
  // Without a line in clear, nothing shows what came.
  if (sent === undefined) return `${verb} did not leave the client in clear`;
  const answer = segments.find(({ from, at, text }) => from === "server" && at > sent.at && text !== null);
  if (answer === undefined) return `no answer to ${verb} left the server in clear`;
  const fate = answer.arrivedAt === null ? "did not reach the client" : "reached the client, which did not accept it";
  return `the answer to ${verb}, "${answer.text ?? ""}", ${fate}`;
}

/** Content types of TLS that may come late: alert and application data (RFC 8446 section 5.1). */
const lateRecords = [21, 23];

/** The server took a TLS record for a command. */
function speaksTls({ server }: Observations): boolean {
  return server.exchanges.some(
    ({ command }) => lateRecords.includes(command.charCodeAt(0)) && command.charCodeAt(1) === 3,
  );
}
