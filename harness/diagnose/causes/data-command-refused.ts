import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { isServersOwn, serverSaying } from "../refusals";
import { serverLimitReached } from "./server-limit-reached";
import { allowCommand } from "../remedies/server";
import { otherDataCommand } from "../remedies/data-commands";
import { refusesPort } from "../predicates";
import { isNegative } from "../../ftp/dialogue";
import { dialogueProof, messageProof } from "../proofs";

export const dataCommandRefused: CauseDefinition = {
  id: "data-command-refused",
  title: "The server refuses the data command itself, and the client tries no other.",
  looksLike: "500 Unknown command, 502 or 550 after EPSV or PASV; another client works with the same server.",
  why:
    "A server may not know a data command, or not allow it, though its FEAT names it: Pure-FTPd's BrokenClientsCompatibility " +
    "turns EPSV off and leaves it in FEAT. Most clients then send the other command; some do not. The network has no part in it.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const { stage, replyCode, dataExchange } = seen;
    if (stage !== "data-command" || dataExchange === null || !isNegative(dataExchange.code)) return null;
    // Where the server's own log has another reply, something on the way has changed it.
    if (!isServersOwn(seen, { code: dataExchange.code, text: dataExchange.reply, exchange: dataExchange })) return null;
    if (serverLimitReached.recognise(seen) !== null || serverSaying(seen, "range") !== null) return null;
    if (replyCode !== dataExchange.code || refusesPort(seen) || replyCode === 425) return null;
    return {
      confidence: "shown",
      explanation: `The server answered ${dataExchange.verb} with ${replyCode}, and the client tries no other command.`,
      proofs: [...dialogueProof(dataExchange), ...messageProof(seen)],
    };
  },
  remedies: [otherDataCommand, allowCommand],
};
