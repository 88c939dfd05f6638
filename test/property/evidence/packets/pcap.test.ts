import fc from "fast-check";
import { parsePcap } from "../../../../harness/evidence/packets/pcap";
import { captureBytes, recordings } from "../../../support/captures";

const samples = recordings.map(captureBytes);

/** Bytes of a real file with some of them changed, and cut anywhere. */
const damaged = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(13_000), fc.nat(255)), { maxLength: 20 }),
    fc.nat(13_000),
  )
  .map(([sample, changes, length]) => {
    const bytes = Buffer.from(sample.subarray(0, length));
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });

test("packets are read back from a file of any of the four magics", () => {
  const packet = fc.record({
    seconds: fc.nat(2 ** 32 - 1),
    fraction: fc.nat(999_999),
    originalLength: fc.nat(2 ** 32 - 1),
    frame: fc.uint8Array({ maxLength: 100 }),
  });
  fc.assert(
    fc.property(fc.array(packet), fc.boolean(), fc.boolean(), fc.nat(65535), (packets, little, nano, linkType) => {
      const word = (value: number): Buffer => {
        const bytes = Buffer.alloc(4);
        if (little) bytes.writeUInt32LE(value);
        else bytes.writeUInt32BE(value);
        return bytes;
      };
      const head = [nano ? 0xa1b23c4d : 0xa1b2c3d4, 0, 0, 0, 262_144, linkType].map(word);
      const rest = packets.flatMap(({ seconds, fraction, originalLength, frame }) => [
        ...[seconds, fraction, frame.length, originalLength].map(word),
        frame,
      ]);
      const read = parsePcap(Buffer.concat([...head, ...rest]));
      expect(read).toMatchObject({ linkType, problem: null });
      expect(read.packets.map(({ frame, ...fields }) => ({ ...fields, frame: Uint8Array.from(frame) }))).toEqual(
        packets.map(({ seconds, fraction, originalLength, frame }) => ({
          at: seconds + fraction / (nano ? 1e9 : 1e6),
          originalLength,
          frame,
        })),
      );
    }),
  );
});

test("damage gives no complaint, and frames within the file, one behind the other", () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (bytes) => {
      let end = bytes.byteOffset + Math.min(24, bytes.byteLength);
      for (const { frame } of parsePcap(bytes).packets) {
        expect(frame.byteOffset).toBe(end + 16);
        end = frame.byteOffset + frame.byteLength;
      }
      expect(end).toBeLessThanOrEqual(bytes.byteOffset + bytes.byteLength);
    }),
  );
});
