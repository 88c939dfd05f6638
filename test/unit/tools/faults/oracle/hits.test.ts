import { readFileSync } from "node:fs";
import { readHits } from "../../../../../harness/tools/faults/oracle/hits";

const captures = "test/fixtures/captures";

test("packets that a rule logged are read from what tcpdump wrote of its group", () => {
  const hits = readHits(readFileSync(`${captures}/lo.nflog.pcap`));
  expect(hits.map(({ flags, length, text, flow }) => [flags, length, text, flow.destinationPort])).toEqual([
    ["SYN", 0, null, 21],
    ["ACK", 0, null, 21],
    ["ACK", 0, null, 21],
    ["ACK", 11, "USER lab1", 21],
    ["FIN,ACK", 0, null, 21],
  ]);
  expect(hits[0]?.at).toBeCloseTo(1_796_004_796.087, 3);
});

test("a capture of another kind, and none, hold no hits", () => {
  expect(readHits(readFileSync(`${captures}/server-nat-helper.router.pcap`))).toEqual([]);
  expect(readHits(Buffer.alloc(0))).toEqual([]);
});
