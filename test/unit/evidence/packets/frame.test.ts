import { decodeFrame } from "../../../../harness/evidence/packets/frame";
import { linkTypes } from "../../../../harness/evidence/packets/link-header";
import { decodedOf, ipv4, ipv6, recordings, segment, tsharkRows } from "../../../support/captures";

const raw = (packet: Buffer) => decodeFrame(linkTypes.raw, packet);
const hello = segment({ payload: "220 ready\r\n" });

/** By tshark's numbers: RFC 792 and RFC 4443. */
const icmpWords: Readonly<Record<string, string>> = {
  "3/1": "host unreachable",
  "3/3": "port unreachable",
  "3/4": "fragmentation needed, MTU 600",
  "3/13": "administratively prohibited",
};
const icmpv6Words: Readonly<Record<string, string>> = {
  "1/1": "administratively prohibited",
  "1/4": "port unreachable",
  "2/0": "packet too big, MTU 1280",
};

function flagsOf(hex: string): string {
  const bits = Number(hex);
  const names: readonly (readonly [number, string])[] = [
    [0x01, "FIN"],
    [0x02, "SYN"],
    [0x04, "RST"],
    [0x10, "ACK"],
  ];
  return names.flatMap(([bit, name]) => ((bits & bit) === 0 ? [] : [name])).join(",");
}

describe.each(recordings)("%s", (name) => {
  const decoded = decodedOf(name);
  const rows = tsharkRows(name);
  const field = (index: number, key: string): string => rows[index]?.get(key) ?? "";

  test("as many packets are TCP or about it as tshark finds", () => {
    expect(decoded).toHaveLength(rows.length);
  });

  test("each packet's headers are what tshark reads", () => {
    for (const [index, { packet }] of decoded.entries()) {
      const last = (key: string): string | undefined => field(index, key).split(",").at(-1);
      const quotes = packet.icmp !== null;
      expect(packet.flow).toEqual({
        source: last("ip.src") === "" ? last("ipv6.src") : last("ip.src"),
        destination: last("ip.dst") === "" ? last("ipv6.dst") : last("ip.dst"),
        sourcePort: Number(field(index, "tcp.srcport")),
        destinationPort: Number(field(index, "tcp.dstport")),
      });
      expect(packet.flags).toBe(quotes ? "" : flagsOf(field(index, "tcp.flags")));
      expect(packet.acknowledgement).toBe(Number(field(index, "tcp.ack_raw")));
      // tshark does not tell these of every quoted segment.
      if (!quotes || field(index, "tcp.seq_raw") !== "")
        expect(packet.sequence).toBe(Number(field(index, "tcp.seq_raw")));
      if (!quotes) expect(packet.length).toBe(Number(field(index, "tcp.len")));
    }
  });

  test("each error says what tshark's numbers mean, and who says so", () => {
    for (const [index, { packet }] of decoded.entries()) {
      const v4 = icmpWords[`${field(index, "icmp.type")}/${field(index, "icmp.code")}`];
      const v6 = icmpv6Words[`${field(index, "icmpv6.type")}/${field(index, "icmpv6.code")}`];
      const [from] = (field(index, "ip.src") || field(index, "ipv6.src")).split(",");
      const what = v4 ?? v6;
      expect(packet.icmp).toEqual(what === undefined ? null : { from, what });
    }
  });

  test("interface and direction are told where the link's header has them", () => {
    for (const [index, { direction, interfaceIndex }] of decoded.entries()) {
      const type = field(index, "sll.pkttype");
      expect(direction).toBe(type === "" ? null : type === "4" ? "out" : "in");
      const number = field(index, "sll.ifindex");
      expect(interfaceIndex).toBe(number === "" ? null : Number(number));
    }
  });

  test("the payload is as long as tshark says, and a view of the frame", () => {
    for (const [index, { payload, packet, captured }] of decoded.entries()) {
      expect(payload.byteLength).toBe(packet.icmp === null ? Number(field(index, "tcp.len")) : 0);
      expect(payload.buffer).toBe(captured.frame.buffer);
    }
  });
});

test("the dialogue can be read on both sides of the router, which rewrote one line", () => {
  const said = decodedOf("server-nat-helper.router").flatMap(({ packet, interfaceIndex, direction }) =>
    packet.text === null ? [] : [`${String(interfaceIndex)} ${direction ?? ""} ${packet.text}`],
  );
  expect(said).toContain("2 in PASS ***");
  expect(said.filter((line) => line.includes(" 227 "))).toEqual([
    "3 in 227 Entering Passive Mode (192,168,10,10,197,24).",
    "2 out 227 Entering Passive Mode (203,0,113,1,197,24).",
  ]);
});

test("every recorded error names the quoted segment", () => {
  const errors = decodedOf("server-nat-helper.router.icmp").filter(({ packet }) => packet.icmp !== null);
  const syns = decodedOf("server-nat-helper.router.icmp").filter(({ packet }) => packet.flags === "SYN");
  expect(errors).toHaveLength(4);
  for (const { packet } of errors.slice(0, 3))
    expect(syns.map((syn) => [syn.packet.flow, syn.packet.sequence])).toContainEqual([packet.flow, packet.sequence]);
  // The segment that was too large is told whole, though only its beginning is quoted.
  expect(errors[3]?.packet.length).toBe(1207);
});

test("options of IPv4 and tags of a VLAN are passed over", () => {
  const plain = raw(ipv4(hello));
  expect(plain?.packet).toMatchObject({ text: "220 ready", length: 11, flags: "ACK" });
  expect(raw(ipv4(hello, { options: 8 }))).toEqual(plain);
  const tagged = Buffer.concat([Buffer.alloc(12), Buffer.from("810000050800", "hex"), ipv4(hello)]);
  expect(decodeFrame(linkTypes.ethernet, tagged)?.packet).toEqual(plain?.packet);
});

test("only the first fragment has ports", () => {
  expect(raw(ipv4(hello, { fragment: 0x2000 }))?.packet.text).toBe("220 ready");
  expect(raw(ipv4(hello, { fragment: 0x2001 }))).toBeNull();
});

test("what Ethernet adds to a short packet is none of it", () => {
  const padded = Buffer.concat([ipv4(segment()), Buffer.from("padding")]);
  expect(raw(padded)).toMatchObject({ packet: { length: 0, text: null }, payload: new Uint8Array() });
});

test("a cut packet has the length that it had, and the payload that was captured", () => {
  const decoded = raw(ipv4(hello, { total: 1500 }));
  expect(decoded?.packet.length).toBe(1460);
  expect(Buffer.from(decoded?.payload ?? []).toString()).toBe("220 ready\r\n");
});

test("a length of 0, as segmentation offload leaves it, is the captured one", () => {
  expect(raw(ipv4(hello, { total: 0 }))?.packet.length).toBe(11);
  expect(raw(ipv6(hello, { length: 0 }))?.packet.length).toBe(11);
});

test("extension headers of IPv6 are passed over, each by its own measure", () => {
  const hopByHop = Buffer.from("3c00000000000000", "hex");
  const destination = Buffer.from("3301000000000000".padEnd(32, "0"), "hex");
  const authentication = Buffer.from("2c01".padEnd(24, "0"), "hex");
  const fragment = Buffer.from("0600000100000000", "hex");
  const chain = Buffer.concat([hopByHop, destination, authentication, fragment, hello]);
  const decoded = raw(ipv6(chain, { next: 0 }));
  expect(decoded?.packet).toEqual(raw(ipv6(hello))?.packet);
  expect(decoded?.packet.flow).toMatchObject({ source: "2001:db8::1", destination: "2001:db8:0:1::2" });
});

test("a later fragment of IPv6, and a chain of headers without end, have no ports", () => {
  expect(raw(ipv6(Buffer.concat([Buffer.from("0600000800000000", "hex"), hello]), { next: 44 }))).toBeNull();
  const chain = (count: number) =>
    Buffer.concat([Buffer.alloc(8 * (count - 1)), Buffer.from("0600000000000000", "hex"), hello]);
  expect(raw(ipv6(chain(8), { next: 0 }))?.packet.text).toBe("220 ready");
  expect(raw(ipv6(chain(9), { next: 0 }))).toBeNull();
});

test("an error that quotes only eight bytes tells ports and sequence number", () => {
  const quoted = ipv4(segment({ sequence: 7, acknowledgement: 9, payload: "data" }));
  const error = ipv4(Buffer.concat([Buffer.from("0b00000000000000", "hex"), quoted.subarray(0, 28)]), { protocol: 1 });
  expect(raw(error)?.packet).toEqual({
    flow: { source: "192.0.2.1", destination: "198.51.100.2", sourcePort: 40000, destinationPort: 21 },
    flags: "",
    sequence: 7,
    acknowledgement: 0,
    length: 0,
    text: null,
    icmp: { from: "192.0.2.1", what: "time exceeded" },
  });
});

test.each([
  ["an echo", "0800000000000000", 6],
  ["a redirect, whose packet went on", "0501000000000000", 6],
  ["an error about UDP", "0303000000000000", 17],
])("%s is passed over", (_, message, protocol) => {
  const quoted = ipv4(segment(), { protocol });
  expect(raw(ipv4(Buffer.concat([Buffer.from(message, "hex"), quoted]), { protocol: 1 }))).toBeNull();
});

test("flags come in the model's words, without those that say nothing of the connection", () => {
  const flags = (bits: number) => raw(ipv4(segment({ flags: bits })))?.packet.flags;
  expect([0x02, 0x12, 0x18, 0x19, 0x04, 0x14, 0xc2, 0x30, 0].map(flags)).toEqual([
    "SYN",
    "SYN,ACK",
    "ACK",
    "FIN,ACK",
    "RST",
    "RST,ACK",
    "SYN",
    "ACK,URG",
    "",
  ]);
});

test("what is not TCP over IP, or of an unknown link type, is passed over", () => {
  expect(raw(ipv4(hello, { protocol: 17 }))).toBeNull();
  expect(
    decodeFrame(linkTypes.ethernet, Buffer.concat([Buffer.alloc(12), Buffer.from("0806", "hex"), ipv4(hello)])),
  ).toBeNull();
  expect(decodeFrame(147, ipv4(hello))).toBeNull();
});

test("headers that contradict themselves are passed over", () => {
  const short = ipv4(hello);
  short[0] = 0x44;
  expect(raw(short)).toBeNull();
  const segmentHeader = ipv4(hello);
  segmentHeader[20 + 12] = 0x40;
  expect(raw(segmentHeader)).toBeNull();
  expect(raw(ipv4(hello, { total: 10 }))).toBeNull();
  expect(raw(ipv4(hello, { total: 39 }))).toBeNull();
  expect(raw(ipv6(hello, { length: 19 }))).toBeNull();
  const quoted = ipv4(hello, { total: 39 });
  const error = ipv4(Buffer.concat([Buffer.from("0b00000000000000", "hex"), quoted]), { protocol: 1 });
  expect(raw(error)?.packet).toMatchObject({ acknowledgement: 0, length: 0 });
});

test.each([0, 1, 2, 3])("addresses that differ in word %i alone are told apart, however many there are", (word) => {
  const packet = ipv6(hello);
  const sources = Array.from({ length: 3000 }, (_, value) => {
    packet.writeUInt32BE(value, 8 + 4 * word);
    return raw(packet)?.packet.flow.source;
  });
  expect(new Set(sources).size).toBe(3000);
});

test("an error whose own header does not fit into its packet is passed over", () => {
  const error = Buffer.concat([Buffer.from("0b00000000000000", "hex"), ipv4(hello)]);
  expect(raw(ipv4(error, { protocol: 1, total: 20 }))).not.toBeNull();
  expect(raw(ipv4(error, { protocol: 1, total: 19 }))).toBeNull();
  const errorV6 = Buffer.concat([Buffer.from("3a00000000000000" + "0300000000000000", "hex"), ipv6(hello)]);
  expect(raw(ipv6(errorV6, { next: 0, length: 8 }))).not.toBeNull();
  expect(raw(ipv6(errorV6, { next: 0, length: 7 }))).toBeNull();
});
