import { parsePcap } from "../../../../harness/evidence/packets/pcap";
import { captureBytes, recordings, tsharkRows } from "../../../support/captures";

const bytes = captureBytes("server-nat-helper.router");
const whole = parsePcap(bytes);
const header = 24;

/** The same file in the other byte order. */
function swapped(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  const swap = (start: number, end: number): void => void copy.subarray(start, end).swap32();
  swap(0, 4);
  copy.subarray(4, 8).swap16();
  swap(8, header);
  for (let offset = header; offset < file.length;) {
    swap(offset, offset + 16);
    offset += 16 + file.readUInt32LE(offset + 8);
  }
  return copy;
}

test.each(recordings)("every packet of %s has the time that tshark reads", (name) => {
  const { packets, problem } = parsePcap(captureBytes(name));
  expect(problem).toBeNull();
  const rows = tsharkRows(name);
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows)
    expect(packets[Number(row.get("frame.number")) - 1]?.at).toBeCloseTo(Number(row.get("frame.time_epoch")), 6);
});

test("the link type tells how its frames begin", () => {
  expect(whole.linkType).toBe(276);
  expect(parsePcap(captureBytes("server-nat-helper.router.cooked")).linkType).toBe(113);
  expect(parsePcap(captureBytes("server-nat-helper.router.lan")).linkType).toBe(1);
});

test("what the file says of check sequences is no part of the link type", () => {
  const file = Buffer.from(bytes);
  file.writeUInt16LE(0x4400, 22);
  expect(parsePcap(file)).toEqual(whole);
});

test("nanoseconds are read as such", () => {
  const file = captureBytes("server-nat-helper.router.cooked");
  expect(file.readUInt32LE(0)).toBe(0xa1b23c4d);
  const [first] = parsePcap(file).packets;
  expect(first?.at).toBe(file.readUInt32LE(header) + file.readUInt32LE(header + 4) / 1e9);
});

test("the other byte order gives the same packets", () => {
  const other = swapped(bytes);
  expect(other.readUInt32BE(0)).toBe(0xa1b2c3d4);
  expect(parsePcap(other)).toEqual(whole);
});

test("frames are views of the file and no copies", () => {
  for (const { frame } of whole.packets) expect(frame.buffer).toBe(bytes.buffer);
});

test("a frame that the capture cut tells how long it was", () => {
  const file = Buffer.from(bytes);
  file.writeUInt32LE(1500, header + 12);
  const [first] = parsePcap(file).packets;
  expect(first?.originalLength).toBe(1500);
  expect(first?.frame.byteLength).toBe(bytes.readUInt32LE(header + 8));
});

test("a file cut at any byte gives the packets before the cut, and says where it ends unless a packet ends there", () => {
  const ends = whole.packets.map(({ frame }) => frame.byteOffset + frame.byteLength - bytes.byteOffset);
  for (let length = 0; length < bytes.length; length += 1) {
    const { packets, problem } = parsePcap(bytes.subarray(0, length));
    expect(packets).toHaveLength(ends.filter((end) => end <= length).length);
    if (length === header || ends.includes(length)) expect(problem).toBeNull();
    else expect(problem).toMatch(/^The file ends in .*at byte \d+\.$/);
  }
});

test.each([
  ["a length that no packet has", 8],
  ["more microseconds than a second has", 4],
])("%s is damage, and what stands before it is kept", (_, field) => {
  const [first] = whole.packets;
  const second = header + 16 + (first?.frame.byteLength ?? 0);
  const file = Buffer.from(bytes);
  file.writeUInt32LE(1_000_000, second + field);
  const { packets, problem } = parsePcap(file);
  expect(packets).toEqual([first]);
  expect(problem).toBe(`The packet at byte ${second} is damaged.`);
});

test("what is no capture has no packets", () => {
  expect(parsePcap(Buffer.alloc(100))).toEqual({
    packets: [],
    linkType: 0,
    problem: "The file does not begin as a capture does, at byte 0.",
  });
});
