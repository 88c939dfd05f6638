import type { CellEvidence, FlowTuple, SeenPacket } from "../../../../harness/model/evidence";
import type { PacketEntry } from "../../../../harness/model/timeline";
import { connectionsOf } from "../../../../harness/evidence/timeline/connections";
import { packetEntries } from "../../../../harness/evidence/timeline/packet-entries";
import { payloadLength, streamsOf } from "../../../../harness/evidence/timeline/stream";
import { SimulatedPackets, simulatedStart, type Sent } from "../../../support/simulated-packets";
import { simulate, withAttempt } from "../../../support/simulated-evidence";

const points = ["client:internet", "router:internet", "router:lan", "server:lan"];
const inside: FlowTuple = {
  source: "203.0.113.40",
  destination: "192.168.10.10",
  sourcePort: 40_000,
  destinationPort: 50_001,
};
const forms = { internet: { ...inside, destination: "203.0.113.1" }, lan: inside };

type Segment = Omit<Sent, "forms">;

/** What a router that translates made of these segments, the handshake before them. */
function packetsOf(segments: readonly Segment[], handshake = true): readonly PacketEntry[] {
  return packetEntries(evidenceOf(segments, handshake)).filter(({ flags }) => !flags.includes("SYN") || !handshake);
}

function evidenceOf(segments: readonly Segment[], handshake = true): CellEvidence {
  const wires = new SimulatedPackets(points);
  if (handshake) {
    wires.send({ forms, flags: "SYN", sequence: 1_000 });
    wires.send({ forms, flags: "SYN,ACK", way: "back", sequence: 4_294_967_290, acknowledgement: 1_001 });
  }
  for (const segment of segments) wires.send({ forms, ...segment });
  const base = simulate({ topology: "server-nat-helper", mode: "ftp", data: "pasv" });
  return { ...withAttempt(base, { startedAt: simulatedStart }), captures: wires.captures() };
}

/** Bytes from a place in the client's stream on. */
const data = (from: number, length: number, more: Partial<Segment> = {}): Segment => ({
  flags: "ACK",
  sequence: 1_001 + from,
  acknowledgement: 4_294_967_291,
  length,
  ...more,
});

const placesOf = ({ hops }: PacketEntry): readonly string[] => hops.map(({ node, link }) => `${node}:${link}`);

describe("a packet over all vantage points", () => {
  it("is one, though its addresses change at the router", () => {
    const [packet, ...others] = packetsOf([data(0, 100)]);
    expect(others).toEqual([]);
    expect(packet).toMatchObject({ from: "client", length: 100, lostAt: null, retransmissions: 0 });
    expect(packet?.hops.map(({ flow }) => flow.destination)).toEqual([
      "203.0.113.1",
      "203.0.113.1",
      "192.168.10.10",
      "192.168.10.10",
    ]);
  });

  it("has arrived when what a host merged holds its bytes", () => {
    const merged = { "server:lan": { length: 200, sequence: 1_001 } };
    const first = data(0, 100, { by: points.slice(0, 3) });
    const second = data(100, 100, { changes: merged });
    const packets = packetsOf([first, second]);
    expect(packets.map(({ length, lostAt }) => [length, lostAt])).toEqual([
      [100, null],
      [100, null],
    ]);
    expect(packets.map(({ hops }) => hops.length)).toEqual([4, 4]);
  });

  it("has arrived when it was split on its way", () => {
    const packets = packetsOf([
      data(0, 200, { by: points.slice(0, 2) }),
      data(0, 100, { by: points.slice(2) }),
      data(100, 100, { by: points.slice(2) }),
    ]);
    expect(packets).toHaveLength(1);
    expect(packets[0]).toMatchObject({ length: 200, lostAt: null });
    expect(packets[0]?.hops).toHaveLength(4);
  });

  it("is told once however often it was sent, and as arrived when any of them did", () => {
    const [packet, ...others] = packetsOf([
      data(0, 100, { by: points.slice(0, 2) }),
      data(0, 100, { by: points.slice(0, 2) }),
      data(0, 100),
    ]);
    expect(others).toEqual([]);
    expect(packet).toMatchObject({ retransmissions: 2, lostAt: null, length: 100 });
  });

  it("ends at the router that it came to and did not leave", () => {
    const [packet] = packetsOf([data(0, 100, { by: points.slice(0, 2) })]);
    expect(packet).toMatchObject({ lostAt: "router" });
    expect(packet?.hops.at(-1)?.direction).toBe("in");
  });

  it("is lost on the wire behind the node that sent it and no other saw", () => {
    const [packet] = packetsOf([data(0, 100, { by: points.slice(0, 3) })]);
    expect(packet).toMatchObject({ lostAt: "router" });
    expect(packet?.hops.at(-1)).toMatchObject({ direction: "out", link: "lan" });
  });

  it("counts positions on when sequence numbers wrap", () => {
    const back = (sequence: number, length: number): Segment => ({
      flags: "ACK",
      way: "back",
      sequence,
      acknowledgement: 1_001,
      length,
    });
    const evidence = evidenceOf([back(4_294_967_291, 3), back(4_294_967_294, 10), back(8, 1)]);
    const [connection] = connectionsOf(evidence);
    expect(connection === undefined ? [] : streamsOf(connection, "back").map(payloadLength)).toEqual([14, 14, 14, 14]);
  });

  it("is followed behind a line that the router made shorter", () => {
    const line = { flags: "ACK", way: "back", acknowledgement: 1_001 } as const;
    const shorter = { length: 47, text: "227 Entering Passive Mode (203,0,113,1,195,81)" };
    const moved = (sequence: number): NonNullable<Sent["changes"]> => ({
      "router:internet": { sequence },
      "client:internet": { sequence },
    });
    const packets = packetsOf([
      {
        ...line,
        sequence: 4_294_967_291,
        length: 49,
        text: "227 Entering Passive Mode (192,168,10,10,195,81)",
        changes: { "router:internet": shorter, "client:internet": shorter },
      },
      { ...line, sequence: 44, length: 30, changes: moved(42) },
      { ...line, flags: "FIN,ACK", sequence: 74, length: 0, changes: moved(72) },
    ]);
    expect(packets.map(({ flags, length, lostAt, hops }) => [flags, length, lostAt, hops.length])).toEqual([
      ["ACK", 49, null, 4],
      ["ACK", 30, null, 4],
      ["FIN,ACK", 0, null, 4],
    ]);
  });

  it("is the router's when it leaves a router that it never came to", () => {
    const [syn, reset, ...others] = packetsOf(
      [
        { flags: "SYN", sequence: 1_000, by: points.slice(0, 2) },
        {
          flags: "RST,ACK",
          way: "back",
          sequence: 0,
          acknowledgement: 1_001,
          by: ["router:internet", "client:internet"],
        },
      ],
      false,
    );
    expect(others).toEqual([]);
    expect(syn).toMatchObject({ from: "client", flags: "SYN", lostAt: "router" });
    expect(reset).toMatchObject({ from: "router", flags: "RST,ACK", lostAt: null });
    expect(reset === undefined ? [] : placesOf(reset)).toEqual(["router:internet", "client:internet"]);
  });

  it("is told with the ICMP error that quotes it, which goes the other way", () => {
    const icmp: SeenPacket["icmp"] = { from: "203.0.113.1", what: "administratively prohibited" };
    const error = { icmp, flags: "", flow: forms.internet };
    const [syn, refusal] = packetsOf(
      [
        { flags: "SYN", sequence: 1_000, by: points.slice(0, 2) },
        {
          flags: "",
          way: "back",
          sequence: 1_000,
          by: ["router:internet", "client:internet"],
          changes: { "router:internet": error, "client:internet": error },
        },
      ],
      false,
    );
    expect(syn).toMatchObject({ flags: "SYN", lostAt: "router" });
    expect(refusal).toMatchObject({
      from: "router",
      flags: "",
      icmp: "administratively prohibited (from 203.0.113.1)",
    });
    expect(refusal === undefined ? [] : placesOf(refusal)).toEqual(["router:internet", "client:internet"]);
  });
});

describe("a session's connections", () => {
  it("are two where the same addresses and ports open anew with another number", () => {
    const evidence = evidenceOf([
      { flags: "SYN", sequence: 900_000 },
      { ...data(0, 5), sequence: 900_001 },
    ]);
    const connections = connectionsOf(evidence);
    expect(connections.map(({ initial, views }) => [initial.forth, views.length])).toEqual([
      [1_000, 4],
      [900_000, 4],
    ]);
  });

  it("are one for each that the router's table alone tells to be the same, its SYN unseen", () => {
    const segments = [data(0, 100)];
    const evidence = evidenceOf(segments, false);
    expect(connectionsOf(evidence)).toHaveLength(2);
    const [router] = evidence.routers;
    if (router === undefined) throw new Error("no router");
    const reply = { source: "192.168.10.10", sourcePort: 50_001, destination: "203.0.113.40", destinationPort: 40_000 };
    const connection = {
      kind: "new",
      at: 1,
      state: null,
      original: forms.internet,
      reply,
      replied: true,
      helper: null,
    } as const;
    const known = { ...evidence, routers: [{ ...router, connections: [connection] }] };
    expect(connectionsOf(known).map(({ views }) => views.length)).toEqual([4]);
  });
});
