import { recogniseBreak } from "../break-recognition";
import { removeRule } from "../remedies/by-break";
import { acceptAnswers } from "../remedies/let-through";
import { answerRouter } from "../remedies/translation";
import type { CauseDefinition } from "../cause";

export const answerLostOnReturn: CauseDefinition = {
  id: "answer-lost-on-return",
  title: "The connection attempt reaches the other end, but the answer is lost on its way back.",
  looksLike: "Connections time out, although every forward and every rule for the way there is right.",
  why:
    "A connection needs both directions. Connection tracking must recognise the answer. The SYN,ACK is lost if " +
    "the way in uses another zone, if a rule drops the state INVALID, if only one direction is translated, or if a " +
    "filter stops the other direction.",
  explains: ({ what, thing, side, hand }) =>
    thing.kind === "syn-ack" &&
    // A control connection whose answers go past the router lacks a route.
    !(what === "altered" && thing.connection === "control") &&
    side === "router" &&
    hand.kind !== "no-route" &&
    hand.kind !== "reverse-path-filter" &&
    hand.kind !== "ttl",
  recognise: recogniseBreak,
  remedies: [removeRule, acceptAnswers, answerRouter],
};
