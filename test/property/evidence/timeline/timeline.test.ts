import fc from "fast-check";
import { contradictionsOf } from "../../../../harness/diagnose/contradictions/registry";
import { gapCollectors, type Capture, type CellEvidence, type SeenPacket } from "../../../../harness/model/evidence";
import { timelineOf } from "../../../../harness/evidence/timeline/timeline";
import { displayWidth } from "../../../../harness/text/width";
import { timelineText } from "../../../../harness/evidence/timeline/timeline-text";
import { recordedSession, recordedSessions } from "../../../support/recorded-sessions";
import { gap } from "../../../support/evidence";

const recorded = fc.constantFrom(...recordedSessions.map(recordedSession));
const noise = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom("227 Entering Passive Mode (999,1,1,1,999,1)", "\u001b[31m\u202e", "229 (|||99999999|)", ""),
);
const port = fc.oneof(fc.constantFrom(21, 990, 50_001), fc.integer({ min: -1, max: 70_000 }));
const address = fc.oneof(fc.constantFrom("203.0.113.1", "192.168.10.10", "2001:db8::1"), noise);
const number = fc.oneof(fc.nat(3_000), fc.integer({ min: 0, max: 4_294_967_295 }), fc.double());
const flow = fc.record({ source: address, destination: address, sourcePort: port, destinationPort: port });
const packet: fc.Arbitrary<SeenPacket> = fc.record({
  at: fc.oneof(fc.double({ min: 1_700_000_000, max: 1_900_000_000 }), fc.double()),
  direction: fc.constantFrom("in", "out"),
  flow,
  flags: fc.oneof(fc.constantFrom("SYN", "SYN,ACK", "ACK", "FIN,ACK", "RST", "RST,ACK", ""), noise),
  sequence: number,
  acknowledgement: number,
  length: number,
  text: fc.option(noise),
  icmp: fc.option(fc.record({ from: address, what: noise })),
});
const name = fc.oneof(fc.constantFrom("client", "router", "server", "internet", "lan"), noise);
const capture: fc.Arbitrary<Capture> = fc.record({
  node: name,
  link: name,
  packets: fc.array(packet, { maxLength: 12 }),
  cut: fc.option(noise),
});

/** A recorded session with other packets, other times and other names. */
const spoiled: fc.Arbitrary<CellEvidence> = fc
  .record({
    evidence: recorded,
    captures: fc.array(capture, { maxLength: 5 }),
    isAdded: fc.boolean(),
    startedAt: fc.oneof(fc.constantFrom(0, 1e15), fc.double()),
    isLate: fc.boolean(),
    missing: fc.array(
      fc.record({ collector: fc.constantFrom(...gapCollectors), node: fc.option(name), reason: noise }),
      { maxLength: 2 },
    ),
  })
  .map(({ evidence, captures, isAdded, startedAt, isLate, missing }) => ({
    ...evidence,
    attempt: isLate ? { ...evidence.attempt, startedAt } : evidence.attempt,
    captures: isAdded ? [...evidence.captures, ...captures] : captures,
    missing,
  }));

describe("a timeline of any evidence", () => {
  it("comes about, is JSON and holds no more than 400 entries", () => {
    fc.assert(
      fc.property(spoiled, (evidence) => {
        const { entries } = timelineOf(evidence);
        expect(entries.length).toBeLessThanOrEqual(400);
      }),
      { numRuns: 100 },
    );
  });

  it("can be shown on lines of 120 columns without control characters, in ASCII too", () => {
    fc.assert(
      fc.property(spoiled, fc.boolean(), (evidence, unicode) => {
        const text = timelineText(timelineOf(evidence), { unicode, columns: 200 });
        for (const line of text.split("\n")) {
          expect(displayWidth(line)).toBeLessThanOrEqual(120);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          if (!unicode) expect(line).toMatch(/^\p{ASCII}*$/u);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("never keeps the witnesses from being compared", () => {
    fc.assert(
      fc.property(spoiled, (evidence) => {
        expect(Array.isArray(contradictionsOf(evidence))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("what is missing", () => {
  /** Captures that are not there, or cut at any packet and said to be. */
  const damage = fc.array(fc.oneof(fc.constant("whole"), fc.constant("absent"), fc.nat(60)), {
    minLength: 6,
    maxLength: 6,
  });

  it("never makes the witnesses of a true session contradict each other", () => {
    fc.assert(
      fc.property(recorded, damage, (evidence, damages) => {
        const captures = evidence.captures.flatMap((one, index): Capture[] => {
          const done = damages[index];
          if (done === "absent") return [];
          if (typeof done !== "number") return [one];
          return [{ ...one, packets: one.packets.slice(0, done), cut: "it is cut" }];
        });
        expect(contradictionsOf({ ...evidence, captures })).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("never makes a packet lost that arrived", () => {
    const losses = ({ entries }: ReturnType<typeof timelineOf>): number =>
      entries.filter((entry) => entry.kind === "packet" && entry.lostAt !== null).length;
    fc.assert(
      fc.property(recorded, damage, (evidence, damages) => {
        const captures = evidence.captures.flatMap((one, index): Capture[] => {
          const done = damages[index];
          if (done === "absent") return [];
          return typeof done === "number" ? [{ ...one, packets: one.packets.slice(0, done), cut: "it is cut" }] : [one];
        });
        expect(losses(timelineOf({ ...evidence, captures }))).toBeLessThanOrEqual(losses(timelineOf(evidence)));
      }),
      { numRuns: 150 },
    );
  });

  it("never makes the collectors' failures look like lies", () => {
    fc.assert(
      fc.property(recorded, fc.boolean(), (evidence, isServer) => {
        const routers = evidence.routers.map((router) => ({ ...router, packets: [], connections: [] }));
        const missing = [
          ...evidence.routers.map(({ router }) => gap("router-events", router)),
          ...(isServer ? [gap("server-log")] : []),
        ];
        const server = isServer ? null : evidence.server;
        expect(contradictionsOf({ ...evidence, routers, server, missing })).toEqual([]);
      }),
    );
  });
});
