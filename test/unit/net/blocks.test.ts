import { contains, isPrivateIPv4, prefixLengthOf, rangeAddresses } from "../../../harness/net/blocks";

describe("a subnet", () => {
  it.each([
    ["203.0.113.0/24", "203.0.113.0", true],
    ["203.0.113.0/24", "203.0.113.255", true],
    ["203.0.113.0/24", "203.0.114.0", false],
    ["203.0.113.32/27", "203.0.113.63", true],
    ["203.0.113.32/27", "203.0.113.64", false],
    ["2001:db8:1::/64", "2001:db8:1::1:bf", true],
    ["2001:db8:1::/64", "2001:db8:2::1", false],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["no subnet", "203.0.113.1", false],
    ["203.0.113.0/24", "no address", false],
  ])("%s holds %s: %s", (subnet, address, expected) => {
    expect(contains(subnet, address)).toBe(expected);
  });

  it("tells its prefix length", () => {
    expect([prefixLengthOf("203.0.113.0/24"), prefixLengthOf("2001:db8::/64")]).toEqual([24, 64]);
  });
});

describe("a range of addresses", () => {
  it("holds both its ends, in order", () => {
    expect(rangeAddresses({ first: "192.0.2.254", last: "192.0.3.1" })).toEqual([
      "192.0.2.254",
      "192.0.2.255",
      "192.0.3.0",
      "192.0.3.1",
    ]);
    expect(rangeAddresses({ first: "2001:db8::ff", last: "2001:db8::101" })).toEqual([
      "2001:db8::ff",
      "2001:db8::100",
      "2001:db8::101",
    ]);
  });

  it("of one address holds that", () => {
    expect(rangeAddresses({ first: "192.0.2.1", last: "192.0.2.1" })).toEqual(["192.0.2.1"]);
  });

  it("is empty backwards", () => {
    expect(rangeAddresses({ first: "192.0.2.2", last: "192.0.2.1" })).toEqual([]);
  });
});

describe("a private address (RFC 1918)", () => {
  it.each(["10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"])(
    "is %s",
    (address) => {
      expect(isPrivateIPv4(address)).toBe(true);
    },
  );

  it.each(["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"])(
    "is not %s, just beside a block",
    (address) => {
      expect(isPrivateIPv4(address)).toBe(false);
    },
  );

  it.each(["192.0.2.1", "198.51.100.1", "203.0.113.1"])(
    "is not %s, which stands for the public side here",
    (address) => {
      expect(isPrivateIPv4(address)).toBe(false);
    },
  );

  it.each(["fd00::1", "2001:db8::1", "", "ftp.example.net"])("is not `%s`, which is not IPv4", (address) => {
    expect(isPrivateIPv4(address)).toBe(false);
  });
});
