import {
  addressesBetween,
  formatAddress,
  formatSubnet,
  parseAddress,
  parseSubnet,
  subnetContains,
  subnetsOverlap,
  type Address,
  type Subnet,
} from "../../../harness/net/address";

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === null) throw new Error(`${text} is no address`);
  return parsed;
}

function subnet(text: string): Subnet {
  const parsed = parseSubnet(text);
  if (parsed === null) throw new Error(`${text} is no subnet`);
  return parsed;
}

describe("an address", () => {
  it.each([
    ["203.0.113.10", "203.0.113.10"],
    ["2001:DB8:0:0:0:0:0:10", "2001:db8::10"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["1:0:0:2:3:0:0:4", "1::2:3:0:0:4"],
    ["::", "::"],
    ["1::", "1::"],
  ])("%s has the one text form %s (RFC 5952)", (text, expected) => {
    expect(formatAddress(address(text))).toBe(expected);
  });

  it.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.0.0.1",
    "01.2.3.4",
    "1.2.3.4 ",
    "0x1.2.3.4",
    "1::2::3",
    "1:2:3:4:5:6:7",
    ":::",
  ])("is not read from %p", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it.each([
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    ":1:2:3:4:5:6:7",
    "12345::",
    "g::",
    "fe80::1%eth0",
    "::ffff:1.2.3.4",
  ])("is not read from %p", (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

describe("a subnet", () => {
  it("is written with its first address, whatever host bits were given", () => {
    expect(formatSubnet(subnet("203.0.113.77/24"))).toBe("203.0.113.0/24");
    expect(formatSubnet(subnet("2001:db8:1::5/64"))).toBe("2001:db8:1::/64");
  });

  it.each(["203.0.113.0", "203.0.113.0/33", "203.0.113.0/", "/24", "203.0.113.0/024", "2001:db8::/129", "x/8"])(
    "is not read from %p",
    (text) => {
      expect(parseSubnet(text)).toBeNull();
    },
  );

  it("contains its first and last address and not their neighbours", () => {
    const { base } = subnet("203.0.113.64/26");
    const contains = (value: bigint) => subnetContains(subnet("203.0.113.64/26"), { family: "ipv4", value });
    expect([base - 1n, base, base + 63n, base + 64n].map(contains)).toEqual([false, true, true, false]);
  });

  it("does not contain an address of the other family with the same number", () => {
    expect(subnetContains(subnet("0.0.0.0/0"), address("::1"))).toBe(false);
  });

  it("overlaps a subnet inside it and not the one beside it", () => {
    expect(subnetsOverlap(subnet("10.0.0.0/8"), subnet("10.20.0.0/16"))).toBe(true);
    expect(subnetsOverlap(subnet("10.20.0.0/16"), subnet("10.0.0.0/8"))).toBe(true);
    expect(subnetsOverlap(subnet("192.168.0.0/24"), subnet("192.168.1.0/24"))).toBe(false);
    expect(subnetsOverlap(subnet("0.0.0.0/0"), subnet("::/0"))).toBe(false);
  });
});

describe("a range of addresses", () => {
  it("is walked from first to last, across a byte's end", () => {
    const range = addressesBetween(address("203.0.112.254"), address("203.0.113.1"));
    expect([...range].map(formatAddress)).toEqual(["203.0.112.254", "203.0.112.255", "203.0.113.0", "203.0.113.1"]);
  });
});
