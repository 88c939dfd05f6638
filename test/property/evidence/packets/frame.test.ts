import fc from "fast-check";
import { decodeFrame } from "../../../../harness/evidence/packets/frame";
import { linkTypes } from "../../../../harness/evidence/packets/link-header";
import { parsePcap } from "../../../../harness/evidence/packets/pcap";
import { clientRandomOf } from "../../../../harness/evidence/packets/tls-client-random";
import { parseAddress, formatAddress } from "../../../../harness/net/address";
import { captureBytes, ipv4, ipv6, recordings, segment } from "../../../support/captures";

const frames = recordings.flatMap((name) => {
  const { packets, linkType } = parsePcap(captureBytes(name));
  return packets.map(({ frame }) => ({ linkType, frame }));
});
const anyLinkType = fc.constantFrom(...Object.values(linkTypes));

/** A real frame with some bytes changed, cut anywhere. */
const damaged = fc
  .tuple(fc.constantFrom(...frames), fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 8 }), fc.nat(1600))
  .map(([{ linkType, frame }, changes, length]) => {
    const bytes = Uint8Array.from(frame.subarray(0, length));
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return { linkType, frame: bytes };
  });
const noise = fc.record({ linkType: anyLinkType, frame: fc.uint8Array({ maxLength: 200 }) });

test("damage gives no complaint, and only packets that could be", () => {
  fc.assert(
    fc.property(fc.oneof(damaged, noise), ({ linkType, frame }) => {
      const decoded = decodeFrame(linkType, frame);
      if (decoded === null) return;
      const { packet, payload } = decoded;
      for (const address of [packet.flow.source, packet.flow.destination, packet.icmp?.from ?? packet.flow.source]) {
        const parsed = parseAddress(address);
        expect(parsed && formatAddress(parsed)).toBe(address);
      }
      expect(packet.length).toBeGreaterThanOrEqual(0);
      expect(packet.text ?? "").not.toMatch(/\p{Cc}/u);
      expect(payload.byteOffset + payload.byteLength).toBeLessThanOrEqual(frame.byteOffset + frame.byteLength);
      if (packet.icmp === null) expect(payload.byteLength).toBeLessThanOrEqual(packet.length);
      clientRandomOf(payload);
    }),
    { numRuns: 500 },
  );
});

test("every cut of every recorded frame gives no complaint", () => {
  for (const { linkType, frame } of frames)
    for (let length = 0; length < Math.min(frame.byteLength, 140); length += 1)
      expect(() => decodeFrame(linkType, frame.subarray(0, length))).not.toThrow();
});

test("addresses are told apart, however many there are", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), { minLength: 1 }), (values) => {
      for (const value of [...values, ...values]) {
        const [four, six] = [ipv4(segment()), ipv6(segment())];
        four.writeUInt32BE(Number(value & 0xffff_ffffn), 12);
        six.writeBigUInt64BE(value >> 64n, 8);
        six.writeBigUInt64BE(value & (2n ** 64n - 1n), 16);
        expect(decodeFrame(linkTypes.ipv4, four)?.packet.flow.source).toBe(
          formatAddress({ family: "ipv4", value: value & 0xffff_ffffn }),
        );
        expect(decodeFrame(linkTypes.ipv6, six)?.packet.flow.source).toBe(formatAddress({ family: "ipv6", value }));
      }
    }),
  );
});
