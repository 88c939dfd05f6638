import fc from "fast-check";
import { isIP } from "node:net";
import {
  addressesBetween,
  formatAddress,
  formatSubnet,
  lastOf,
  parseAddress,
  parseSubnet,
  subnetContains,
  type Address,
} from "../../../harness/net/address";

const group = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 0xffffn }));
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ family: fc.constant("ipv4" as const), value: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }) }),
  fc.record({
    family: fc.constant("ipv6" as const),
    // Many zero groups, so that there is something to compress.
    value: fc
      .array(group, { minLength: 8, maxLength: 8 })
      .map((all) => all.reduce((sum, one) => (sum << 16n) | one, 0n)),
  }),
);

describe("address arithmetic", () => {
  it("reads back what it writes, and writes what Node's own check accepts", () => {
    fc.assert(
      fc.property(address, (one) => {
        const text = formatAddress(one);
        expect(parseAddress(text)).toEqual(one);
        expect(isIP(text)).toBe(one.family === "ipv4" ? 4 : 6);
      }),
      { numRuns: 1000 },
    );
  });

  it("accepts no text that Node's own check refuses, and all that it accepts but zone ids and dotted IPv6", () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...Array.from("0123:.af%")), maxLength: 20 }),
      fc.ipV4(),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(text, (written) => {
        const special = written.includes("%") || (written.includes(":") && written.includes("."));
        expect(parseAddress(written) !== null).toBe(isIP(written) !== 0 && !special);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps every address of a subnet inside it, first and last, and their neighbours out", () => {
    fc.assert(
      fc.property(address, fc.nat({ max: 128 }), (one, bits) => {
        const prefix = Math.min(bits, one.family === "ipv4" ? 32 : 128);
        const subnet = parseSubnet(`${formatAddress(one)}/${prefix}`);
        if (subnet === null) throw new Error("not read");
        expect(parseSubnet(formatSubnet(subnet))).toEqual(subnet);
        const contains = (value: bigint) => subnetContains(subnet, { family: one.family, value });
        expect([one.value, subnet.base, lastOf(subnet)].map(contains)).toEqual([true, true, true]);
        expect([subnet.base - 1n, lastOf(subnet) + 1n].map(contains)).toEqual([false, false]);
      }),
    );
  });

  it("walks a range once, in order", () => {
    fc.assert(
      fc.property(address, fc.nat({ max: 300 }), (first, length) => {
        const last = { family: first.family, value: first.value + BigInt(length) };
        const values = Array.from(addressesBetween(first, last), ({ value }) => value);
        expect(values).toEqual(Array.from({ length: length + 1 }, (_, index) => first.value + BigInt(index)));
      }),
    );
  });
});
