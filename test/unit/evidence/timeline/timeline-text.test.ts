import type { PacketEntry, Timeline } from "../../../../harness/model/timeline";
import { timelineOf } from "../../../../harness/evidence/timeline/timeline";
import { timelineText, type TimelineOptions } from "../../../../harness/evidence/timeline/timeline-text";
import { describeGolden } from "../../../support/golden";
import { recordedSession, recordedSessions } from "../../../support/recorded-sessions";

const wide: TimelineOptions = { unicode: true, columns: 120 };

describeGolden(
  "ladders",
  "reports/timeline",
  new Map([
    ...recordedSessions.map((name): [string, () => string] => [
      `${name}.txt`,
      () => timelineText(timelineOf(recordedSession(name)), wide),
    ]),
    [
      "229-unread-ascii-80.txt",
      () => timelineText(timelineOf(recordedSession("229-unread")), { unicode: false, columns: 80 }),
    ],
  ]),
);

const flow = { source: "203.0.113.9", destination: "203.0.113.1", sourcePort: 4_000, destinationPort: 21 };
const packet: PacketEntry = {
  kind: "packet",
  atMs: 1,
  endMs: 1,
  from: "client",
  connection: "control",
  flags: "ACK",
  segments: 1,
  length: 10,
  icmp: null,
  hops: [
    { node: "client", link: "internet", direction: "out", atMs: 1, flow, text: null },
    { node: "router", link: "internet", direction: "in", atMs: 1, flow, text: null },
    { node: "router", link: "lan", direction: "out", atMs: 1, flow, text: null },
  ],
  lostAt: null,
  retransmissions: 0,
};

function show(entry: Timeline["entries"][number], options = wide): string {
  const lanes: Timeline["lanes"] = [
    { node: "client", kind: "client" },
    { node: "router", kind: "router" },
    { node: "server", kind: "server" },
  ];
  return timelineText({ lanes, startedAt: 0, entries: [entry], notes: [] }, options);
}

describe("a ladder", () => {
  it("ends a lost packet with a cross at the node that saw it last, and says which wire it was lost on", () => {
    const text = show({ ...packet, lostAt: "router" });
    expect(text).toContain("│────────────▶✗             │  control ACK 10 bytes");
    expect(text).toContain("lost on the wire lan after router");
    expect(show({ ...packet, hops: packet.hops.slice(0, 2), lostAt: "router" })).toContain("ended at router");
    expect(show({ ...packet, hops: packet.hops.slice(0, 1), lostAt: "client" })).toContain("✗             │");
  });

  it("points to where a packet goes", () => {
    expect(show({ ...packet, hops: packet.hops.toReversed() })).toContain("│◀────────────│             │");
  });

  it("says how often a packet was sent anew", () => {
    expect(show({ ...packet, retransmissions: 1 })).toContain("10 bytes, sent anew once");
    expect(show({ ...packet, retransmissions: 2 })).toContain("10 bytes, sent anew 2 times");
  });

  it("shows foreign text as it is and not as a terminal would take it", () => {
    const text = show({ kind: "remark", atMs: 1, node: "client", text: "\u001b[31mred\u202e" });
    expect(text).toContain("\\x1b[31mred\\u202e");
  });

  it("has room for each lane however many there are", () => {
    const lanes = Array.from({ length: 40 }, (_, index) => ({
      node: `router${index}`,
      kind: "router" as const,
    }));
    const text = timelineText({ lanes, startedAt: 0, entries: [packet], notes: [] }, wide);
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});
