import { recogniseBreak } from "../break-recognition";
import { removeRule } from "../remedies/by-break";
import { redirects } from "../explains";
import type { CauseDefinition } from "../cause";

export const ruleBlocksDataConnection: CauseDefinition = {
  id: "rule-blocks-data-connection",
  title: "A rule on the way stops the data connection by what it asks for.",
  looksLike:
    "The login works; listings and transfers hang or are refused, although a helper or a forwarded range should let them pass.",
  why: "A packet filter goes by the first rule that matches (iptables(8), nft(8)). A rule that picks out the data connection, by its ports, addresses, length, rate or content, or that stands before the one that would accept it, ends it whatever a helper expects.",
  explains: (found) => {
    const { thing, side, hand, what } = found;
    if (what === "altered" || thing.connection !== "data" || thing.kind === "syn-ack" || side !== "router")
      return false;
    return hand.kind === "rule" && !hand.isClosing && !redirects(found);
  },
  recognise: recogniseBreak,
  remedies: [removeRule],
};
