import { prefixOf } from "../../../harness/net/netmask";

describe("a netmask", () => {
  it.each([
    ["255.255.255.0", 24],
    ["255.255.255.255", 32],
    ["128.0.0.0", 1],
    ["0.0.0.0", 0],
    ["0xffffff00", 24],
    ["0xfffffffc", 30],
  ])("%s has the length %i", (mask, length) => {
    expect(prefixOf(mask)).toBe(length);
  });
});
