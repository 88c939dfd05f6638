import { recogniseBreak } from "../break-recognition";
import { removeRule } from "../remedies/by-break";
import { isBroad } from "../locate/closing-rule";
import { egressRouter, expectedAndBlocked } from "../predicates";
import { redirects } from "../explains";
import type { CauseDefinition } from "../cause";

export const ruleBlocksDataConnection: CauseDefinition = {
  id: "rule-blocks-data-connection",
  title: "A filter rule that matches the data connection stops it.",
  looksLike:
    "The login works; listings and transfers hang or are refused, although a helper or a forwarded range should let them pass.",
  why:
    "A packet filter applies the first rule that matches (iptables(8), nft(8)). If a rule matches the data " +
    "connection by its ports, addresses, length, rate or content, or comes before the rule that would accept it, it " +
    "stops the connection, whatever a helper expects.",
  explains: (found) => {
    const { thing, side, hand, what } = found;
    if (what === "altered" || thing.connection !== "data" || thing.kind === "syn-ack" || side !== "router")
      return false;
    return hand.kind === "rule" && !hand.isClosing && !redirects(found);
  },
  recognise: (seen) => {
    const { firstBreak } = seen;
    const isBroadRule = firstBreak?.hand.kind === "rule" && isBroad(firstBreak.hand.rule);
    // A rule that lets nothing at all out of a side is a cause of its own, unless a helper had expected the connection.
    const isEgress = isBroadRule && egressRouter(seen) !== null && expectedAndBlocked(seen) === null;
    return isEgress ? null : recogniseBreak(seen);
  },
  remedies: [removeRule],
};
