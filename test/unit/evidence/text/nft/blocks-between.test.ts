import { blocksBetween } from "../../../../../harness/evidence/text/nft/blocks-between";
import { parseAddress } from "../../../../../harness/net/address";

function between(first: string, last: string): readonly string[] | null {
  const [from, to] = [parseAddress(first), parseAddress(last)];
  if (from === null || to === null) throw new Error("no address");
  return blocksBetween(from, to);
}

test.each([
  ["192.0.2.1", "192.0.2.9", ["192.0.2.1", "192.0.2.2/31", "192.0.2.4/30", "192.0.2.8/31"]],
  ["192.0.2.7", "192.0.2.7", ["192.0.2.7"]],
  ["0.0.0.0", "255.255.255.255", ["0.0.0.0/0"]],
  ["2001:db8::", "2001:db8::ffff", ["2001:db8::/112"]],
  ["192.0.2.9", "192.0.2.1", null],
  ["192.0.2.1", "2001:db8::1", null],
  ["::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", null],
] as const)("%s to %s", (first, last, blocks) => {
  expect(between(first, last)).toEqual(blocks);
});
