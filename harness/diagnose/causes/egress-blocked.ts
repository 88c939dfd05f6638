import { isDataSyn, unexpectedData } from "../explains";
import { isBroad } from "../locate/closing-rule";
import type { CauseDefinition } from "../cause";
import { allowOut } from "../remedies/let-through";
import { passiveInstead } from "../remedies/data-commands";
import { clearControl } from "../remedies/clear-control";
import { dataPathFailed, egressRouter, expectedAndBlocked } from "../predicates";
import { dataProofs } from "../proofs";
import { dataConnection, endingSentence } from "../words";

export const egressBlocked: CauseDefinition = {
  id: "egress-blocked",
  title: "A filter lets the control connection out, but no data connection.",
  looksLike:
    "Login works; data connections hang, from this network to every server, or from this server to every client.",
  why:
    "Networks that filter what goes out allow the control port and rarely the thousands of data ports (RFC 959, RFC 2428). " +
    "Only a connection that a helper expects (RELATED) or a rule allows may leave, so nothing at the other end cures it.",
  // A rule that lets out only what it names acts as a policy, wherever it is.
  explains: (found) =>
    unexpectedData(found) || (isDataSyn(found) && found.hand.kind === "rule" && isBroad(found.hand.rule)),
  recognise: (seen) => {
    const router = egressRouter(seen);
    if (router === null || !dataPathFailed(seen) || expectedAndBlocked(seen) !== null) return null;
    const side = seen.passive ? "the client's side" : "the side that the server's connection came from";
    return {
      confidence: router.syn.kind === "blocked" ? "shown" : "likely",
      explanation: `${router.id} does not let ${side} open such a connection: ${dataConnection(seen)} could not leave.${endingSentence(seen)}`,
      proofs: dataProofs(seen),
    };
  },
  remedies: [passiveInstead, allowOut, clearControl],
};
