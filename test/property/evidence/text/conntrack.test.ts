import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { ConnectionEvent, ExpectationEvent, FlowTuple } from "../../../../harness/model/evidence";
import { parseConnections, parseExpectations } from "../../../../harness/evidence/text/conntrack";

const samples = ["client-nat-helper.conntrack", "destroyed.conntrack", "ipv6-firewall-helper.expect"].map((name) =>
  readFileSync(`test/fixtures/parse/${name}.txt`, "utf8"),
);

const address = fc.constantFrom("192.0.2.1", "10.0.0.255", "2001:db8::1", "::1", "fe80::a:b");
const portNumber = fc.integer({ min: 0, max: 65535 });
const tuple: fc.Arbitrary<FlowTuple> = fc.record({
  source: address,
  destination: address,
  sourcePort: portNumber,
  destinationPort: portNumber,
});
const at = fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((microseconds) => microseconds / 1e6);
const helper = fc.option(fc.constantFrom("ftp", "ftp-2121"));
const state = fc.constantFrom("SYN_SENT", "SYN_SENT2", "ESTABLISHED", "CLOSE");
const connection: fc.Arbitrary<ConnectionEvent> = fc.record({
  kind: fc.constantFrom("new" as const, "update" as const),
  at,
  state,
  original: tuple,
  reply: tuple,
  replied: fc.boolean(),
  helper,
  timeoutS: fc.integer({ min: 0, max: 432_000 }),
});
const expectation: fc.Arbitrary<ExpectationEvent> = fc.record({
  kind: fc.constantFrom("new" as const, "destroy" as const),
  at,
  source: address,
  destination: address,
  port: portNumber,
  master: tuple,
  helper,
});

const stamp = (seconds: number, kind: string): string => `[${seconds.toFixed(6)}]\t [${kind.toUpperCase()}]`;
const flow = ({ source, destination, sourcePort, destinationPort }: FlowTuple): string =>
  `src=${source} dst=${destination} sport=${sourcePort} dport=${destinationPort}`;

function printConnection(event: ConnectionEvent, extras: readonly string[]): string {
  const end = [...(event.helper === null ? [] : [`helper=${event.helper}`]), ...extras].join(" ");
  const unreplied = event.replied ? "" : "[UNREPLIED] ";
  const head = `${stamp(event.at, event.kind)} ipv4     2 tcp      6 ${event.timeoutS ?? ""} ${event.state ?? ""}`;
  return `${head} ${flow(event.original)} ${unreplied}${flow(event.reply)} ${end}`;
}

function printExpectation(event: ExpectationEvent): string {
  const { source, destination, port, master } = event;
  const helperWord = event.helper === null ? "" : ` helper=${event.helper}`;
  const expected = flow({ source, destination, sourcePort: 0, destinationPort: port });
  const masterWords = flow(master).replace("src=", "master-src=").replace("dst=", "master-dst=");
  return `${stamp(event.at, event.kind)} 300 proto=6 ${expected} mask-src=ffff:: mask-dst=ffff:: sport=0 dport=65535 ${masterWords} class=0${helperWord}`;
}

test("connection events are read back, whatever else stands in their lines", () => {
  const extras = fc.shuffledSubarray(["[ASSURED]", "id=7", "mark=0", "use=1", "zone=3", "[OFFLOAD]", "packets=3"]);
  fc.assert(
    fc.property(fc.array(fc.tuple(connection, extras)), (events) => {
      const text = events.map(([event, more]) => printConnection(event, more)).join("\n");
      expect(parseConnections(text)).toEqual(events.map(([event]) => event));
    }),
  );
});

test("expectation events are read back", () => {
  fc.assert(
    fc.property(fc.array(expectation), (events) => {
      expect(parseExpectations(events.map(printExpectation).join("\n"))).toEqual(events);
    }),
  );
});

test("real lines in any order, between any others, are read as alone", () => {
  const lines = samples.flatMap((text) => text.split("\n")).filter((line) => line !== "");
  const noise = fc.string({ unit: "binary" }).filter((text) => !text.includes("[") && !text.includes("\n"));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...lines), noise)), (pairs) => {
      const text = pairs.map(([line, between]) => `${line}\n${between}`).join("\n");
      expect(parseConnections(text)).toEqual(pairs.flatMap(([line]) => parseConnections(line)));
      expect(parseExpectations(text)).toEqual(pairs.flatMap(([line]) => parseExpectations(line)));
    }),
  );
});

test("any words in any order give no complaint, and only whole events", () => {
  const words = [...new Set(samples.flatMap((text) => text.split(/\s+/)))];
  const word = fc.oneof(
    fc.constantFrom(...words),
    fc.string({ unit: "binary" }),
    fc.constantFrom("src=", "=", "dport=65536"),
  );
  fc.assert(
    fc.property(fc.array(word), (mixed) => {
      const text = `[1795345900.000001]\t[NEW] tcp proto=6 ${mixed.join(" ")}`;
      for (const { original, reply } of parseConnections(text))
        for (const { sourcePort, destinationPort } of [original, reply]) {
          expect(sourcePort).toBeLessThanOrEqual(65535);
          expect(destinationPort).toBeLessThanOrEqual(65535);
        }
      parseExpectations(text);
    }),
  );
});
