import { recogniseBreak } from "../break-recognition";
import { loosenReversePath } from "../remedies/by-break";
import type { CauseDefinition } from "../cause";

export const reversePathFiltered: CauseDefinition = {
  id: "reverse-path-filtered",
  title: "A node drops a packet because its route back to the sender uses another link.",
  looksLike:
    "Time-outs on networks with two uplinks, tunnels or policy routing; the packet comes in and meets no rule.",
  why: "With rp_filter = 1 Linux drops a packet if its route back to the source leads out by another link (RFC 3704, ip-sysctl). No rule of iptables shows it; the kernel counts it in TcpExtIPReversePathFilter.",
  explains: ({ hand }) =>
    hand.kind === "reverse-path-filter" || (hand.kind === "rule" && /-m rpfilter\b|\bfib saddr\b/.test(hand.rule)),
  recognise: recogniseBreak,
  remedies: [loosenReversePath],
};
