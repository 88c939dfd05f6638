import { writePcapng } from "../../../../harness/evidence/packets/write-pcapng";
import { parsePcap } from "../../../../harness/evidence/packets/pcap";
import { parsePcapng } from "../../../../harness/evidence/packets/pcapng";
import { captureBytes } from "../../../support/captures";

const { packets: recorded, linkType } = parsePcap(captureBytes("server-nat-helper.router"));
const few = recorded.slice(0, 3).map((packet, index) => ({
  ...packet,
  interface: index % 2,
  direction: (["in", "out", null] as const)[index] ?? null,
}));
const capture = {
  interfaces: ["internet", "lan"].map((name) => ({ name, description: `${name} of router`, linkType })),
  packets: few,
  secrets: "CLIENT_RANDOM 00 00\n",
  comment: "one cell",
};
const file = writePcapng(capture);

/** Where each block of a file begins, in its byte order, little-endian. */
function blocksOf(bytes: Buffer): readonly number[] {
  const starts: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += bytes.readUInt32LE(offset + 4)) starts.push(offset);
  return starts;
}

function block(type: number, body: Buffer, big = false): Buffer {
  const ends = Buffer.alloc(12);
  const put = (value: number, at: number) => (big ? ends.writeUInt32BE(value, at) : ends.writeUInt32LE(value, at));
  put(type, 0);
  put(12 + body.length, 4);
  put(12 + body.length, 8);
  return Buffer.concat([ends.subarray(0, 8), body, ends.subarray(8)]);
}
const section = (big = false) =>
  block(
    0x0a0d0d0a,
    Buffer.from(big ? "1a2b3c4d00010000ffffffffffffffff" : "4d3c2b1a01000000ffffffffffffffff", "hex"),
    big,
  );

test("a section in the other byte order is read alike, behind one in this", () => {
  const interfaceBody = Buffer.concat([
    Buffer.from("0114000000040000", "hex"),
    Buffer.from("000200046c616e3000090001060000000000000000", "hex").subarray(0, 20),
  ]);
  const packetBody = Buffer.from(
    "00000000" + "00000001" + "00000002" + "00000003" + "00000005" + "61626300" + "0002000400000002" + "00000000",
    "hex",
  );
  const big = Buffer.concat([section(true), block(1, interfaceBody, true), block(6, packetBody, true)]);
  expect(parsePcapng(big)).toEqual({
    interfaces: [{ name: "lan0", linkType: 276 }],
    packets: [
      { at: (2 ** 32 + 2) / 1e6, originalLength: 5, frame: Buffer.from("abc"), interface: 0, direction: "out" },
    ],
    problem: null,
  });
  const both = parsePcapng(Buffer.concat([file, big]));
  expect(both.interfaces.map(({ name }) => name)).toEqual(["internet", "lan", "lan0"]);
  expect(both.packets.at(-1)?.interface).toBe(2);
  expect(both.problem).toBeNull();
});

test.each([
  ["nanoseconds", "0900010009000000", 1e9],
  ["powers of two", "0900010094000000", 2 ** 20],
  ["whole seconds", "0900010000000000", 1],
  ["microseconds where nothing is told", "", 1e6],
])("time stamps count %s", (_, option, ticks) => {
  const interfaceBody = Buffer.from(`0100000000000400${option}`, "hex");
  const body = Buffer.alloc(20);
  body.writeUInt32LE(3, 4);
  body.writeUInt32LE(0xfffffffe, 8);
  const { packets, problem } = parsePcapng(Buffer.concat([section(), block(1, interfaceBody), block(6, body)]));
  expect(problem).toBeNull();
  const stamp = 3n * 2n ** 32n + 0xfffffffen;
  expect(packets[0]?.at).toBe(Number(stamp / BigInt(ticks)) + Number(stamp % BigInt(ticks)) / ticks);
});

test("an interface's own beginning of time is added", () => {
  const interfaceBody = Buffer.from("01000000000004000e000800f6ffffffffffffff", "hex");
  const body = Buffer.alloc(20);
  body.writeUInt32LE(30_000_000, 8);
  expect(parsePcapng(Buffer.concat([section(), block(1, interfaceBody), block(6, body)])).packets[0]?.at).toBe(20);
});

test("blocks of other kinds are passed over", () => {
  const [, , , , firstPacket = 0] = blocksOf(file);
  const mixed = Buffer.concat([file.subarray(0, firstPacket), block(5, Buffer.alloc(12)), file.subarray(firstPacket)]);
  expect(parsePcapng(mixed)).toEqual(parsePcapng(file));
});

test("a file cut at any byte gives the packets before the cut, and says where unless a block ends there", () => {
  const starts = [...blocksOf(file), file.length];
  for (let length = 0; length < file.length; length += 1) {
    const { packets, problem } = parsePcapng(file.subarray(0, length));
    expect(packets).toHaveLength(starts.filter((start) => start <= length).slice(5).length);
    if (starts.slice(1).includes(length)) expect(problem).toBeNull();
    else expect(problem).toMatch(/^The file .* at byte \d+\.$/);
  }
});

test.each([
  ["a length that is no multiple of four", 4, 61],
  ["a length shorter than its own fields", 4, 28],
  ["an interface that the section does not have", 8, 2],
  ["a packet longer than its block", 20, 2000],
  ["a packet longer than any", 20, 0x7fffffff],
])("%s is damage, and what stands before it is kept", (_, field, value) => {
  const [, , , , , second = 0] = blocksOf(file);
  const damaged = Buffer.from(file);
  damaged.writeUInt32LE(value, second + field);
  const { packets, problem } = parsePcapng(damaged);
  expect(packets).toEqual(parsePcapng(file).packets.slice(0, 1));
  expect(problem).toMatch(new RegExp(`at byte ${second} is damaged\\.$`));
});

test.each([
  ["section", 0x0a0d0d0a, "4d3c2b1a01000000"],
  ["interface", 1, "01000000"],
  ["packet", 6, "00000000000000000000000000000000"],
])("a %s too short for its own fields is damage", (_, type, body) => {
  const head = Buffer.concat([section(), block(1, Buffer.from("0100000000000400", "hex"))]);
  const short = block(type, Buffer.from(body, "hex"));
  expect(parsePcapng(Buffer.concat([head, short]))).toEqual({
    interfaces: [{ name: "", linkType: 1 }],
    packets: [],
    problem: `The block at byte ${head.length} is damaged.`,
  });
});

test("nothing behind the end of a block's options is one", () => {
  const body = Buffer.from("0100000000000400" + "00000000" + "020003006c616e00", "hex");
  expect(parsePcapng(Buffer.concat([section(), block(1, body)])).interfaces).toEqual([{ name: "", linkType: 1 }]);
});

test("lengths before and behind a block that do not agree are damage", () => {
  const [, , , , first = 0, second = 0] = blocksOf(file);
  const damaged = Buffer.from(file);
  damaged.writeUInt32LE(0, second - 4);
  expect(parsePcapng(damaged)).toMatchObject({
    packets: [],
    problem: `The block at byte ${first} is damaged.`,
  });
});

test("a section of another version is not read", () => {
  const other = Buffer.from(file);
  other.writeUInt16LE(2, 12);
  expect(parsePcapng(other)).toMatchObject({ packets: [], problem: "The block at byte 0 is damaged." });
});

test("what is no pcapng file has no packets", () => {
  expect(parsePcapng(captureBytes("server-nat-helper.router"))).toEqual({
    interfaces: [],
    packets: [],
    problem: "The file does not begin as a pcapng file does, at byte 0.",
  });
});

test("of more than 200,000 packets the first are read, and the rest is told to be missing", () => {
  const packet = { at: 1, originalLength: 0, frame: new Uint8Array(), interface: 0, direction: null } as const;
  const most = writePcapng({ ...capture, packets: Array.from({ length: 200_000 }, () => packet) });
  expect(parsePcapng(most)).toMatchObject({ problem: null });
  const { packets, problem } = parsePcapng(Buffer.concat([most, most.subarray(-32)]));
  expect(packets).toHaveLength(200_000);
  expect(problem).toBe(`The file has more than 200000 packets; those from byte ${most.length} on are left out.`);
});
