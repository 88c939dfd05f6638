import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { isNegative } from "../../ftp/dialogue";
import { softwareNamed } from "../../catalog/servers/registry";
import type { Observations } from "../observations";
import { logProof } from "../proofs";
import { refusalOf, refusalProofs, refusedThing, serverSaying } from "../refusals";
import { allowAddress, logMore } from "../remedies/server";
import { isTurnedAway } from "./server-limit-reached";

export const serverDeniesAddress: CauseDefinition = {
  id: "server-denies-address",
  title: "The server refuses the client because of its address.",
  looksLike:
    "The connection is closed before or right after the greeting, or the login ends with 530 Access denied or 421 Service not " +
    "available, from some addresses only.",
  why:
    "Access rules of a server or of its host (ProFTPD's `<Limit LOGIN>` with Deny, tcp_wrappers, ban lists) decide by the address that " +
    "the server sees. Behind NAT that is the router's, and it may change from day to day.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const refusal = refusalOf(seen);
    const saying = serverSaying(seen, "address");
    const isEarly = seen.stage === "login" || isTurnedAway(seen) || refusal?.exchange === null;
    if (!isEarly || (refusal === null && !isTurnedAway(seen))) return null;
    const rule = ruleOf(seen);
    if (saying === null && (rule === null || !isRefusedLike(seen))) return null;
    const answer =
      refusal === null ? "closed the connection" : `answered ${refusedThing(seen, refusal)} with ${refusal.code}`;
    const from = seen.server.peer === null ? "the client's address" : `the address ${seen.server.peer}`;
    const told = saying === null ? `its configuration says ${String(rule)}` : `it says "${saying.text}"`;
    return {
      confidence: saying === null ? "likely" : "shown",
      explanation: `The server ${answer}, since its access rules deny ${from}: ${told}.`,
      proofs: [...refusalProofs(seen, refusal, saying), ...(saying === null ? logProof(rule) : [])],
    };
  },
  remedies: [allowAddress, logMore],
};

/** The rule in the server's configuration that denies logins. */
function ruleOf({ server }: Observations): string | null {
  if (server.software === null || server.configuration === "") return null;
  return softwareNamed(server.software).deniedBy("LOGIN", server.configuration);
}

/** A login that is refused by a rule looks like one with a wrong password; the reply to the name (331) says nothing. */
function isRefusedLike(seen: Observations): boolean {
  return isTurnedAway(seen) || (seen.stage === "login" && isNegative(seen.replyCode) && seen.replyCode === 530);
}
