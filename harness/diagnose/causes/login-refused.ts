import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { logMore } from "../remedies/server";
import { checkLogin } from "../remedies/user";
import { refusedExchange, serverSaying } from "../refusals";
import { isNegative } from "../../ftp/dialogue";
import { dialogueProof, messageProof } from "../proofs";
import { serverDeniesAddress } from "./server-denies-address";
import { serverLimitReached } from "./server-limit-reached";
import { serverSettingBroken } from "./server-setting-broken";
import { tlsRequired } from "./tls-required";

/** Refusals of a login that say what they are. */
const better: readonly Pick<CauseDefinition, "recognise">[] = [
  tlsRequired,
  serverSettingBroken,
  serverLimitReached,
  serverDeniesAddress,
];

export const loginRefused: CauseDefinition = {
  id: "login-refused",
  title: "The server refuses the login.",
  looksLike: "530 Login incorrect, or another refusal before any data is asked for.",
  why:
    "530 means that the user is not logged in (RFC 959 section 5.4.2), and gives no reason: name, password, shell, limits " +
    "and access rules all look the same from outside. The network has no part in it.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const { stage, replyCode } = seen;
    if (stage !== "login" || !isNegative(replyCode)) return null;
    if (better.some((cause) => cause.recognise(seen) !== null)) return null;
    const refused = refusedExchange(seen);
    if (serverSaying(seen, "died")?.by === "reply") return null;
    // Commands after the login in the same stage (FEAT, TYPE) are no part of it.
    if (refused !== null && !/^(USER|PASS|ACCT)$/.test(refused.verb) && replyCode !== 530) return null;
    return {
      confidence: "shown",
      explanation: `The server answered ${refused?.verb ?? "the login"} with ${replyCode}.`,
      proofs: refused === null ? messageProof(seen) : dialogueProof(refused),
    };
  },
  remedies: [checkLogin, logMore],
};
