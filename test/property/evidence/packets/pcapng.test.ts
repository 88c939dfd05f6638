import fc from "fast-check";
import { writePcapng, type WrittenCapture } from "../../../../harness/evidence/packets/write-pcapng";
import { parsePcapng } from "../../../../harness/evidence/packets/pcapng";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const packetOf = (interfaces: number) =>
  fc.record({
    at: fc
      .tuple(fc.integer({ min: 1_500_000_000, max: 4_000_000_000 }), fc.nat(999_999))
      .map(([seconds, microseconds]) => seconds + microseconds / 1e6),
    interface: fc.nat(interfaces - 1),
    direction: fc.constantFrom("in" as const, "out" as const, null),
    originalLength: fc.nat(2 ** 32 - 1),
    frame: fc.uint8Array({ maxLength: 60 }),
  });
const capture: fc.Arbitrary<WrittenCapture> = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.record({
    interfaces: fc.array(fc.record({ name: text, description: text, linkType: fc.nat(65535) }), {
      minLength: count,
      maxLength: count,
    }),
    packets: fc.array(packetOf(count)),
    secrets: text,
    comment: text,
  }),
);

/** Bytes of a written file with some of them changed, and cut anywhere. */
const damaged = fc
  .tuple(capture, fc.array(fc.tuple(fc.nat(1500), fc.nat(255)), { maxLength: 20 }), fc.nat(1500))
  .map(([written, changes, cut]) => {
    const whole = writePcapng(written);
    const bytes = Buffer.from(whole.subarray(0, Math.max(0, whole.length - (cut % 2 === 0 ? 0 : cut))));
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });

test("a capture is read back as it was written", () => {
  fc.assert(
    fc.property(capture, (written) => {
      const { interfaces, packets, problem } = parsePcapng(writePcapng(written));
      expect(problem).toBeNull();
      expect(interfaces).toEqual(written.interfaces.map(({ name, linkType }) => ({ name, linkType })));
      expect(packets.map((packet) => ({ ...packet, frame: Uint8Array.from(packet.frame) }))).toEqual(written.packets);
    }),
  );
});

test("one behind the other, captures are read as alone", () => {
  fc.assert(
    fc.property(capture, capture, (one, other) => {
      const both = parsePcapng(Buffer.concat([writePcapng(one), writePcapng(other)]));
      expect(both.problem).toBeNull();
      expect(both.packets).toHaveLength(one.packets.length + other.packets.length);
      const last = other.packets.at(-1);
      if (last !== undefined) expect(both.packets.at(-1)?.interface).toBe(one.interfaces.length + last.interface);
    }),
  );
});

test("damage gives no complaint, and packets within the file, of interfaces that it has", () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const { interfaces, packets } = parsePcapng(bytes);
      for (const packet of packets) {
        expect(Number.isFinite(packet.at)).toBe(true);
        expect(interfaces[packet.interface]).toBeDefined();
        expect(packet.frame.byteOffset + packet.frame.byteLength).toBeLessThanOrEqual(
          bytes.byteOffset + bytes.byteLength,
        );
      }
    }),
    { numRuns: 500 },
  );
});
