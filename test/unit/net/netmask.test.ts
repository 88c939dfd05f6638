import { prefixOf, withPrefix } from "../../../harness/net/netmask";

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

  it.each([
    ["192.168.1.0/255.255.255.0", "192.168.1.0/24"],
    ["0.0.0.0/0.0.0.0", "0.0.0.0/0"],
    ["192.168.1.0/24", "192.168.1.0/24"],
    ["192.168.1.0/255.0.255.0", "192.168.1.0/255.0.255.0"],
    ["192.168.1.0/255.255.255.999", "192.168.1.0/255.255.255.999"],
  ])("of a block becomes a prefix: %s", (block, written) => {
    expect(withPrefix(block)).toBe(written);
  });
});
