import { controlLine } from "../explains";
import type { CauseDefinition } from "../cause";
import { rememberLonger } from "../remedies/packets-and-memory";
import { serverKeepAlive } from "../remedies/server";
import { keepAlive } from "../remedies/user";
import type { Proof } from "../../model/diagnosis";
import type { Observations } from "../observations";
import { isNegative } from "../../ftp/dialogue";
import { lossOf } from "../loss";
import { dialogueProof, lossProof, messageProof } from "../proofs";
import { transferEndLost } from "./transfer-end-lost";

export const controlConnectionDropped: CauseDefinition = {
  id: "control-connection-dropped-idle",
  title: "The control connection was lost while the data connection was busy.",
  looksLike:
    "The file is complete, and then the client waits for 226 until it times out, or finds the connection reset.",
  why:
    "The control connection is silent during a transfer. NAT routers and firewalls forget connections that are " +
    "silent for long (RFC 5382 asks for at least two hours; many wait only minutes), and the server's 226 then " +
    "cannot reach the client.",
  explains: controlLine,
  recognise: (seen) => {
    const { stage, transferExchange, replyCode } = seen;
    if (stage !== "transfer" && stage !== "completion") return null;
    if (isNegative(replyCode) || isNegative(transferExchange?.code ?? null)) return null;
    // The fate of the data connection counts before anything that the client no longer read.
    if (transferEndLost.recognise(seen) !== null) return null;
    const confirmed = serverConfirmed(seen);
    const heard = transferExchange?.code === 226 || transferExchange?.code === 250;
    // Without the server's word, only a client that has all its bytes shows that the data was complete.
    if (heard || (!confirmed && (stage !== "completion" || seen.server.seen))) return null;
    return {
      confidence: confirmed ? "shown" : "likely",
      explanation: confirmed
        ? "The server confirmed the transfer (226), and the confirmation never reached the client: the control connection was gone."
        : "All data had passed, and the server's confirmation (226) never came: the control connection was probably gone.",
      proofs: [
        ...dialogueProof(transferExchange),
        ...messageProof(seen),
        ...confirmation(seen),
        ...lostConfirmation(seen),
      ],
    };
  },
  remedies: [keepAlive, serverKeepAlive, rememberLonger],
};

function confirmation({ server, transferExchange }: Observations): Proof[] {
  const sent = server.exchanges.findLast(({ command }) => command === transferExchange?.command);
  return sent === undefined
    ? []
    : [{ witness: "server", text: `${sent.command}: ${String(sent.replyCode)} ${sent.reply}` }];
}

/** Where 226 was seen last. */
function lostConfirmation(seen: Observations): Proof[] {
  const loss = lossOf(seen);
  return loss?.kind === "line" && loss.segment.from === "server" ? lossProof(loss.segment) : [];
}

/** The server's log has 226 or 250 for the very command that the client waits on. */
function serverConfirmed({ server, transferExchange }: Observations): boolean {
  const sent = server.exchanges.findLast(({ command }) => command === transferExchange?.command);
  return sent?.replyCode === 226 || sent?.replyCode === 250;
}
