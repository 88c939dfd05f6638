import type { CauseDefinition } from "../cause";
import { unexpectedData } from "../explains";
import { dataProofs, messageProof } from "../proofs";
import { untrackedOn } from "../predicates";
import { trackControl } from "../remedies/by-break";

export const controlConnectionUntracked: CauseDefinition = {
  id: "control-connection-untracked",
  title: "A rule takes the control connection out of connection tracking, so no helper can follow it.",
  looksLike: "A helper is attached and the rules are right, but the router expects no data connection.",
  why:
    "NOTRACK and CT --notrack in the raw table keep packets from connection tracking (iptables-extensions(8)). A " +
    "helper belongs to the control connection's entry. With no entry, or with one that sees only one direction, " +
    "the helper reads nothing, and ESTABLISHED and RELATED match nothing.",
  explains: (found) =>
    unexpectedData(found) || (found.thing.connection === "control" && found.side === "router" && found.what === "lost"),
  recognise: (seen) => {
    const untracked = untrackedOn(seen);
    if (untracked === null || seen.firstBreak === null) return null;
    const isData = seen.firstBreak.thing.connection === "data";
    // No helper reads what TLS hides, tracked or not.
    if (isData && (!seen.readable || seen.helper.read)) return null;
    return {
      confidence: seen.firstBreak.hand.kind === "unknown" ? "likely" : "shown",
      explanation: `${untracked.router} does not track the control connection (the rule "${untracked.rule}"). ${seen.firstBreak.sentence}`,
      proofs: [
        { witness: untracked.router, text: untracked.rule },
        ...seen.firstBreak.proofs,
        ...(isData ? dataProofs(seen) : messageProof(seen)),
      ],
    };
  },
  remedies: [trackControl],
};
