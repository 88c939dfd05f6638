import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { refusalOf, refusalProofs, refusedThing, serverSaying } from "../refusals";
import { raiseSessionLimit } from "../remedies/server";
import { fewerConnections } from "../remedies/user";

/** 421 and 530 of a session, 425 and 45x of a transfer. */
const codes: readonly (number | undefined)[] = [421, 425, 450, 451, 500, 530, 550];

export const serverLimitReached: CauseDefinition = {
  id: "server-limit-reached",
  title: "The server accepts no further session or transfer, since a limit is reached.",
  looksLike: "421 Too many connections, or 530 with a maximum number, now and then or from one address only.",
  why:
    "A server limits how many sessions it has at once, in all, from one address or of one user, and answers 421 or 530 beyond " +
    "that (RFC 959 section 5.4.2). Name and password may be right. A client with several transfers at once reaches " +
    "such a limit soon, and so do many clients behind one NAT address.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const refusal = refusalOf(seen);
    const saying = serverSaying(seen, "limit");
    if (saying === null || (refusal !== null && !codes.includes(refusal.code))) return null;
    // Without a reply only a session that was closed at once can have met the limit.
    if (refusal === null && !isTurnedAway(seen)) return null;
    const answer =
      refusal === null ? "closed the connection" : `answered ${refusedThing(seen, refusal)} with ${refusal.code}`;
    return {
      confidence: "shown",
      explanation: `The server ${answer}, since a limit of its own is reached: "${saying.text}".`,
      proofs: refusalProofs(seen, refusal, saying),
    };
  },
  remedies: [raiseSessionLimit, fewerConnections],
};

/** No reply was ever heard. */
export function isTurnedAway({ dialogue, stage }: Parameters<CauseDefinition["recognise"]>[0]): boolean {
  const isEarly = stage === "control-connect" || stage === "greeting" || stage === "auth-tls";
  return isEarly && dialogue.greeting.length === 0 && dialogue.exchanges.every(({ code }) => code === null);
}
