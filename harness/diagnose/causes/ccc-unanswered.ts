import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { isNegative, isPositive, lastExchange } from "../../ftp/dialogue";
import { dialogueProof, messageProof } from "../proofs";
import { loggedReply } from "../refusals";
import { grantCcc, logMore } from "../remedies/server";
import { withoutCcc } from "../remedies/clear-control";

export const cccUnanswered: CauseDefinition = {
  id: "ccc-unanswered",
  title: "The server does not answer CCC.",
  looksLike:
    "Login over TLS works; after CCC nothing comes until the client's time-out, or the server closes the connection.",
  why:
    "CCC is answered with 200, 533 or 534 under TLS, and only then does the connection become clear (RFC 4217 " +
    "section 5). Some servers, and some proxies that handle TLS for them, end TLS without a reply, or drop the " +
    "command.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const ccc = lastExchange(seen.dialogue.exchanges, ["CCC"]);
    if (seen.stage !== "ccc" || ccc?.code !== null || ccc.reply !== "" || isNegative(seen.replyCode)) return null;
    const inLog = loggedReply(seen, ccc);
    // It did answer: what happened to that is another matter.
    if (isPositive(inLog?.replyCode ?? null)) return null;
    const arrived = seen.wire?.everythingArrived === true;
    const answers = seen.wire?.control?.segments ?? [];
    const lastOfClient = answers.findLast(({ from, text }) => from === "client" && text?.startsWith("QUIT") !== true);
    const isAnswered = answers.some(({ from, at }) => from === "server" && at > (lastOfClient?.at ?? Infinity));
    return {
      confidence: arrived && !isAnswered ? "shown" : "likely",
      explanation: `CCC got no reply${arrived && !isAnswered ? ": it reached the server, and no reply came back" : ""}.`,
      proofs: [...dialogueProof(ccc), ...messageProof(seen)],
    };
  },
  remedies: [withoutCcc, grantCcc, logMore],
};
