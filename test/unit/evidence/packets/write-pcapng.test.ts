import { writePcapng, type WrittenCapture } from "../../../../harness/evidence/packets/write-pcapng";
import { parsePcap } from "../../../../harness/evidence/packets/pcap";
import { parsePcapng } from "../../../../harness/evidence/packets/pcapng";
import { captureBytes, decodedOf, keyLogOf } from "../../../support/captures";

const name = "server-nat-helper.router.tls";
const { linkType } = parsePcap(captureBytes(name));
const packets = decodedOf(name).map(({ captured, direction, interfaceIndex }) => ({
  ...captured,
  interface: interfaceIndex === 2 ? 0 : 1,
  direction,
}));
const capture: WrittenCapture = {
  interfaces: ["internet", "lan"].map((link) => ({ name: link, description: `router, link ${link}`, linkType })),
  packets,
  secrets: keyLogOf(name),
  comment: "server-nat-helper, fünf Proben",
};

type Block = { readonly type: number; readonly body: Buffer };

function blocksOf(file: Buffer): readonly Block[] {
  const blocks: Block[] = [];
  for (let offset = 0; offset < file.length;) {
    const length = file.readUInt32LE(offset + 4);
    expect(file.readUInt32LE(offset + length - 4)).toBe(length);
    blocks.push({ type: file.readUInt32LE(offset), body: file.subarray(offset + 8, offset + length - 4) });
    offset += length;
  }
  return blocks;
}

function optionsOf(bytes: Buffer): readonly (readonly [code: number, text: string])[] {
  const options: [number, string][] = [];
  for (let offset = 0; offset < bytes.length;) {
    const length = bytes.readUInt16LE(offset + 2);
    options.push([bytes.readUInt16LE(offset), bytes.subarray(offset + 4, offset + 4 + length).toString()]);
    offset += 4 + Math.ceil(length / 4) * 4;
  }
  return options;
}

const blocks = blocksOf(writePcapng(capture));

test("a capture is read back as it was written", () => {
  const { interfaces, packets: read, problem } = parsePcapng(writePcapng(capture));
  expect(problem).toBeNull();
  expect(interfaces).toEqual(capture.interfaces.map(({ name: link }) => ({ name: link, linkType: 276 })));
  expect(read.map((packet) => ({ ...packet, frame: Buffer.from(packet.frame) }))).toEqual(packets);
});

test("the section says what made it and of what it is", () => {
  expect(blocks[0]?.type).toBe(0x0a0d0d0a);
  expect(optionsOf(blocks[0]!.body.subarray(16))).toEqual([
    [1, "server-nat-helper, fünf Proben"],
    [4, "ftp-nat-matrix"],
    [0, ""],
  ]);
});

test("each interface has its name, its description and nanoseconds", () => {
  const [, internet] = blocks;
  expect(internet?.type).toBe(1);
  expect(internet?.body.readUInt16LE(0)).toBe(276);
  expect(optionsOf(internet!.body.subarray(8))).toEqual([
    [2, "internet"],
    [3, "router, link internet"],
    [9, "\t"],
    [0, ""],
  ]);
});

test("the key log stands before the packets, where Wireshark wants it", () => {
  expect(blocks.slice(0, 5).map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 1, 0x0a, 6]);
  const { body } = blocks[3]!;
  expect(body.readUInt32LE(0)).toBe(0x544c534b);
  expect(body.subarray(8, 8 + body.readUInt32LE(4)).toString()).toBe(keyLogOf(name));
  expect(body.length).toBe(8 + Math.ceil(body.readUInt32LE(4) / 4) * 4);
});

test("the kernel's microseconds stay whole in nanoseconds", () => {
  const { body } = blocks[4]!;
  const stamp = (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8));
  const [first] = parsePcap(captureBytes(name)).packets;
  expect(stamp % 1000n).toBe(0n);
  expect(Number(stamp) / 1e9).toBeCloseTo(first?.at ?? 0, 6);
});

test("without secrets, comment and packets there are no blocks and options for them", () => {
  const [section, ...rest] = blocksOf(writePcapng({ interfaces: [], packets: [], secrets: "", comment: "" }));
  expect(rest).toEqual([]);
  expect(optionsOf(section!.body.subarray(16)).map(([code]) => code)).toEqual([4, 0]);
});

test("a comment longer than an option is cut between characters", () => {
  const [section] = blocksOf(writePcapng({ ...capture, comment: "ü".repeat(40_000) }));
  expect(optionsOf(section!.body.subarray(16))[0]).toEqual([1, "ü".repeat(32_767)]);
});
