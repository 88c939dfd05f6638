import { recogniseBreak } from "../break-recognition";
import { removeRule } from "../remedies/by-break";
import { acceptAnswers } from "../remedies/let-through";
import { answerRouter } from "../remedies/translation";
import type { CauseDefinition } from "../cause";

export const answerLostOnReturn: CauseDefinition = {
  id: "answer-lost-on-return",
  title: "The connection reaches the other end, and the answer is lost on its way back.",
  looksLike: "Time-outs, although every forward and every rule for the way there is right.",
  why: "A connection needs both directions. Connection tracking has to know the answer: another zone on the way in, a rule for the state INVALID, a translation that only one direction sees, or a filter for the other direction ends the SYN,ACK.",
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
