import fc from "fast-check";
import { RecordFramer, type Frame } from "../../../harness/agent/record-framer";

const record = fc
  .tuple(fc.integer({ min: 0x14, max: 0x18 }), fc.uint8Array({ maxLength: 300, size: "max" }))
  .map(([type, body]) => Buffer.from([type, 3, 3, body.length >> 8, body.length & 255, ...body]));
/** Clear text begins with any byte but a record type's; what follows may look like anything. */
const clearText = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }).filter((byte) => byte < 0x14 || byte > 0x18),
    fc.array(fc.oneof(fc.integer({ min: 0x14, max: 0x18 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 100,
      size: "max",
    }),
  )
  .map(([first, rest]) => Buffer.from([first, ...rest]));
const cuts = fc.array(fc.nat(2_000), { maxLength: 30, size: "max" });

/** The bytes in chunks that end at the given places. */
function chunksOf(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set([...places.map((place) => Math.min(place, bytes.length)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** Frames with neighbouring clear text joined, which is cut where the network cut it. */
function framesOf(chunks: readonly Buffer[]): string[] {
  const framer = new RecordFramer();
  const frames: Frame[] = chunks.flatMap((chunk) => framer.push(chunk));
  const records = frames.filter(({ kind }) => kind === "record").map(({ bytes }) => bytes.toString("hex"));
  const clear = frames.filter(({ kind }) => kind === "clear").map(({ bytes }) => bytes.toString("hex"));
  expect(frames.slice(records.length).every(({ kind }) => kind === "clear")).toBe(true);
  return [...records, ...(clear.length > 0 ? [`clear ${clear.join("")}`] : [])];
}

test("any cutting of records and the clear text behind them gives the same frames", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), fc.option(clearText), cuts, (records, clear, places) => {
      const bytes = Buffer.concat([...records, ...(clear ? [clear] : [])]);
      const expected = [
        ...records.map((one) => one.toString("hex")),
        ...(clear ? [`clear ${clear.toString("hex")}`] : []),
      ];
      expect(framesOf(chunksOf(bytes, places))).toEqual(expected);
    }),
  );
});

test("never throws and never loses or repeats a byte, whatever arrives", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000, size: "max" }), cuts, (noise, places) => {
      const framer = new RecordFramer();
      const bytes = Buffer.from(noise);
      const out = Buffer.concat(
        chunksOf(bytes, places).flatMap((chunk) => framer.push(chunk).map((frame) => frame.bytes)),
      );
      expect(bytes.subarray(0, out.length).equals(out)).toBe(true);
    }),
  );
});
