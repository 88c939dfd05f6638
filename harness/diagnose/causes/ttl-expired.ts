import { recogniseBreak } from "../break-recognition";
import { removeRule } from "../remedies/by-break";
import type { CauseDefinition } from "../cause";

export const ttlExpired: CauseDefinition = {
  id: "ttl-expired",
  title: "The packet's TTL runs out before it arrives.",
  looksLike: "Time-outs or `time exceeded`: a routing loop, or a rule that sets the TTL.",
  why:
    "Every router takes one from the TTL and drops a packet that has none left (RFC 1812). That happens in " +
    "routing loops, and with rules that set a low TTL to keep a service local (`-j TTL --ttl-set 1`).",
  explains: ({ hand }) => hand.kind === "ttl",
  recognise: recogniseBreak,
  remedies: [removeRule],
};
