import {
  captureOf,
  readCaptures,
  type Belonging,
  type NodeCapture,
  type VantagePoint,
} from "../../../../harness/evidence/packets/captures";
import { renderPacketFiles, seenPackets } from "../../../../harness/evidence/packets/packet-files";
import { pairKey } from "../../../../harness/evidence/timeline/flow";
import { captureBytes, decodedOf, keyLogOf, type Recording } from "../../../support/captures";

const fileHeaderLength = 24;
const all = decodedOf("server-nat-helper.router");
const indexes = [...new Set(all.map(({ interfaceIndex }) => interfaceIndex ?? 0))].sort((one, other) => one - other);
const nobody: Belonging = { addresses: ["198.51.100.99"], ports: new Set(), keys: [] };

/** A router's capture with its links in the order of their indexes. */
function capture(pcap: Uint8Array, cut: string | null = null): NodeCapture {
  const links = ["internet", "lan"];
  const interfaces = indexes.map((index, place) => ({ index, link: links[place] ?? "", ends: ["router", "other"] }));
  return { node: "router", pcap, interfaces, cut };
}

function points(name: Recording): readonly VantagePoint[] {
  return readCaptures([capture(captureBytes(name))]);
}

describe("a session's packets", () => {
  const [internet, lan] = points("server-nat-helper.router");
  const addresses = [...new Set(all.map(({ packet }) => packet.flow.source))];

  it("are those of its address, in the order in which they came", () => {
    for (const [point, index] of [
      [internet, indexes[0]],
      [lan, indexes[1]],
    ] as const) {
      if (point === undefined) throw new Error("two links");
      for (const address of addresses) {
        const { capture: mine } = captureOf(point, { ...nobody, addresses: [address] });
        const wanted = all.filter(
          ({ interfaceIndex, packet: { flow } }) =>
            interfaceIndex === index && [flow.source, flow.destination].includes(address),
        );
        expect(mine.packets).toEqual(
          wanted.map(({ captured, direction, packet }) => ({ at: captured.at, direction, ...packet })),
        );
      }
    }
    expect(addresses.length).toBeGreaterThan(2);
  });

  it("are those of connections that a router's table knows, in both directions, and of announced ports", () => {
    if (lan === undefined) throw new Error("two links");
    const first = all.find(({ interfaceIndex }) => interfaceIndex === indexes[1])?.packet.flow;
    if (first === undefined) throw new Error("a packet");
    const ofKey = captureOf(lan, { ...nobody, keys: [new Set([pairKey(first)])] }).capture.packets;
    const ofPort = captureOf(lan, { ...nobody, ports: new Set([first.destinationPort]) }).capture.packets;
    expect(new Set(ofKey.map(({ flow }) => pairKey(flow)))).toEqual(new Set([pairKey(first)]));
    expect(new Set(ofKey.map(({ direction }) => direction))).toEqual(new Set(["in", "out"]));
    expect(ofPort).toEqual(expect.arrayContaining([...ofKey]));
  });

  it("are none where nothing is the session's", () => {
    for (const point of [internet, lan]) {
      if (point === undefined) throw new Error("two links");
      expect(captureOf(point, nobody).capture).toMatchObject({ packets: [], cut: null });
    }
  });

  it("are cut at a bound, with a note, so that a flood costs its own cell alone", () => {
    const bytes = captureBytes("server-nat-helper.router");
    const body = bytes.subarray(fileHeaderLength);
    const flood = Buffer.concat([bytes, ...Array.from({ length: 400 }, () => body)]);
    const [point] = readCaptures([capture(flood)]);
    const address = all.find(({ interfaceIndex }) => interfaceIndex === indexes[0])?.packet.flow.source ?? "";
    if (point === undefined) throw new Error("a link");
    const { capture: mine } = captureOf(point, { ...nobody, addresses: [address] });
    expect(mine.packets).toHaveLength(5_000);
    expect(mine.cut).toMatch(/^only the first 5000 of \d+ packets are kept$/);
  });
});

test.each([
  [
    "damage",
    captureBytes("server-nat-helper.router").subarray(0, -3),
    null,
    /^The file ends in the packet at byte \d+\.$/,
  ],
  ["what the collector says", captureBytes("server-nat-helper.router"), "it is cut at 64 MB", /^it is cut at 64 MB$/],
])("a vantage point tells why packets may be missing: %s", (_, pcap, cut, wanted) => {
  for (const point of readCaptures([capture(pcap, cut)])) expect(point.cut).toMatch(wanted);
});

describe("a session's files", () => {
  const keyLog = keyLogOf("server-nat-helper.router.tls");
  const captures = points("server-nat-helper.router.tls").map((point) =>
    captureOf(point, {
      ...nobody,
      addresses: [decodedOf("server-nat-helper.router.tls")[0]?.packet.flow.source ?? ""],
    }),
  );
  const files = new Map(renderPacketFiles("a/cell", captures, keyLog).map(({ path, bytes }) => [path, bytes]));

  it("are one for each vantage point and one of all of them in the order of time", () => {
    expect([...files.keys()]).toEqual(["router-internet.pcapng", "router-lan.pcapng", "merged.pcapng"]);
    for (const { capture: mine } of captures) {
      const { packets, problem } = seenPackets(files.get(`router-${mine.link}.pcapng`) ?? Buffer.alloc(0));
      expect({ packets, problem }).toEqual({ packets: mine.packets, problem: null });
    }
    const merged = seenPackets(files.get("merged.pcapng") ?? Buffer.alloc(0)).packets;
    expect(merged).toHaveLength(captures.reduce((sum, { seen }) => sum + seen.length, 0));
    expect(merged.map(({ at }) => at)).toEqual(merged.map(({ at }) => at).sort((one, other) => one - other));
  });

  it("hold the secrets of the session's own TLS and of no other's", () => {
    const strange = `CLIENT_RANDOM ${"ab".repeat(32)} ${"cd".repeat(48)}\n`;
    const mixed = renderPacketFiles("a/cell", captures, strange + keyLog);
    for (const { bytes } of mixed) {
      expect(bytes.includes(/^CLIENT_.*$/m.exec(keyLog)?.[0] ?? "-")).toBe(true);
      expect(bytes.includes(strange.trim())).toBe(false);
    }
  });

  it("are none where nothing was captured", () => {
    expect(renderPacketFiles("a/cell", [], keyLog)).toEqual([]);
  });
});
