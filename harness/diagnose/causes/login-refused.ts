import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { logMore } from "../remedies/server";
import { checkLogin } from "../remedies/user";
import { refusedExchange } from "../predicates";
import { isNegative } from "../../ftp/dialogue";
import { dialogueProof, messageProof } from "../proofs";
import { tlsRequired } from "./tls-required";

export const loginRefused: CauseDefinition = {
  id: "login-refused",
  title: "The server refuses the login.",
  looksLike: "530 Login incorrect, or another refusal before any data is asked for.",
  why:
    "530 says not logged in (RFC 959 section 5.4.2) and not why: name, password, shell, limits and access rules all look the " +
    "same from outside. The network has no part in it.",
  explains: decision,
  recognise: (seen) => {
    const { stage, replyCode } = seen;
    if (stage !== "login" || !isNegative(replyCode) || tlsRequired.recognise(seen) !== null) return null;
    const refused = refusedExchange(seen);
    return {
      confidence: "shown",
      explanation: `The server answered ${refused?.verb ?? "the login"} with ${replyCode}.`,
      proofs: refused === null ? messageProof(seen) : dialogueProof(refused),
    };
  },
  remedies: [checkLogin, logMore],
};
