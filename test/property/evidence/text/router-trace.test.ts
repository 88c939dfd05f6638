import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { FlowTuple, TracedPacket, TraceStep } from "../../../../harness/model/evidence";
import { decisionOf, leftBy, parseTrace } from "../../../../harness/evidence/text/router-trace";

const samples = ["client-nat-helper", "server-nat-helper", "ipv6-firewall-helper", "own-chain-reject"].map((name) =>
  readFileSync(`test/fixtures/parse/${name}.trace.txt`, "utf8"),
);

const link = fc.constantFrom("lan", "internet", "eth0.7", "br-a=b");
const address = fc.oneof(
  fc.constantFrom("192.0.2.1", "10.0.0.255"),
  fc.constantFrom("2001:db8::1", "::1", "fe80::a:b"),
);
const portNumber = fc.integer({ min: 0, max: 65535 });
const tuple: fc.Arbitrary<FlowTuple> = fc.record({
  source: address,
  destination: address,
  sourcePort: portNumber,
  destinationPort: portNumber,
});
const later: fc.Arbitrary<TraceStep> = fc.record({
  table: fc.constantFrom("mangle", "nat", "filter"),
  chain: fc.constantFrom("PREROUTING", "FORWARD", "own:chain", "rule"),
  rule: fc.option(fc.constantFrom("-A FORWARD -j ACCEPT", '-A own -m comment --comment "a:policy:DROP  b" -j x')),
  verdict: fc.constantFrom("ACCEPT", "DROP", "CONTINUE", "RETURN", "JUMP:own", "GOTO:own"),
  packet: tuple,
  inLink: fc.option(link),
  outLink: fc.option(link),
});
const traced: fc.Arbitrary<TracedPacket> = fc
  .record({
    arrived: tuple,
    inLink: fc.option(link),
    flags: fc.constantFrom("SYN", "SYN ACK", ""),
    size: fc.integer({ min: 40, max: 65_535 }),
    ttl: fc.integer({ min: 1, max: 255 }),
    rest: fc.array(later),
  })
  .map(({ arrived, inLink, flags, size, ttl, rest }) => ({
    arrived,
    inLink,
    flags,
    size,
    ttl,
    steps: [
      { table: "raw", chain: "PREROUTING", rule: null, verdict: "ACCEPT", packet: arrived, inLink, outLink: null },
      ...untilDropped(rest),
    ],
  }));

/** No rule meets a packet that was dropped. */
function untilDropped(steps: readonly TraceStep[]): readonly TraceStep[] {
  const drop = steps.findIndex(({ verdict }) => verdict === "DROP");
  return drop === -1 ? steps : steps.slice(0, drop + 1);
}

/** As xtables-monitor prints: what it knows of the packet, then what a rule did to it. */
function print(packet: TracedPacket, id: string): string[] {
  const sighting = (flow: FlowTuple, inLink: string | null, outLink: string | null): string =>
    [
      `PACKET: 2 ${id}`,
      ...(inLink === null ? [] : [`IN=${inLink}`]),
      ...(outLink === null ? [] : [`OUT=${outLink}`]),
      `MACSRC=2:e8:2:c9:3e:d3 SRC=${flow.source} DST=${flow.destination} LEN=${packet.size ?? 60} TTL=${packet.ttl ?? 64} ID=9854 DF`,
      `SPORT=${flow.sourcePort} DPORT=${flow.destinationPort} ${packet.flags} MARK=0x7 `,
    ].join(" ");
  const asks = "-A PREROUTING -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TRACE";
  return [
    sighting(packet.arrived, packet.inLink, null),
    ` TRACE: 2 ${id} raw:PREROUTING:rule:0x4:CONTINUE  iptables -t raw ${asks}`,
    ...packet.steps.flatMap((step) => [
      sighting(step.packet, step.inLink, step.outLink),
      step.rule === null
        ? ` TRACE: 2 ${id} ${step.table}:${step.chain}:policy:${step.verdict} `
        : ` TRACE: 2 ${id} ${step.table}:${step.chain}:rule:0xa:${step.verdict}  ip6tables -t ${step.table} ${step.rule}`,
    ]),
  ];
}

test("what was printed is read back, with ids that come back", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(traced, fc.constantFrom("0000000a", "ffffffff"))), (packets) => {
      const text = packets.flatMap(([packet, id]) => print(packet, id)).join("\n");
      expect(parseTrace(text)).toEqual(packets.map(([packet]) => packet));
    }),
  );
});

test("packets in any mixture are read back", () => {
  fc.assert(
    fc.property(
      fc.array(traced, { minLength: 2, maxLength: 5 }),
      fc.array(fc.nat(4), { maxLength: 200 }),
      (packets, turns) => {
        const piles = packets.map((packet, at) => print(packet, `0000000${at}`));
        const lines = [...turns, ...piles.flatMap((pile, at) => pile.map(() => at))].flatMap(
          (turn) => piles[turn % piles.length]?.shift() ?? [],
        );
        const read = parseTrace(lines.join("\n"));
        expect(read).toHaveLength(packets.length);
        expect(read).toEqual(expect.arrayContaining(packets));
      },
    ),
  );
});

test("any text, and any mixture of real lines, gives packets without a complaint", () => {
  const line = fc.oneof(fc.constantFrom(...samples.flatMap((text) => text.split("\n"))), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(fc.tuple(line, fc.nat(300))), (lines) => {
      for (const packet of parseTrace(lines.map(([text, cut]) => (cut < 30 ? text.slice(cut) : text)).join("\n"))) {
        const decision = decisionOf(packet);
        expect(decision === null || packet.steps.includes(decision)).toBe(true);
        expect([null, ...packet.steps.map(({ outLink }) => outLink)]).toContain(leftBy(packet));
      }
    }),
  );
});
