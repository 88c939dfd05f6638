import { announcedAddress } from "../../../../harness/catalog/servers/announced-address";

const dial = "203.0.113.10";

describe("the address that a user's own file announces", () => {
  it("is the one that the lab's clients dial, where the file comes from another network", () => {
    expect(announcedAddress("87.138.77.190", dial, false)).toBe(dial);
    expect(announcedAddress("ftp.example.net", dial, true)).toBe(dial);
  });

  it("stays where it came with its own network: one of another day is the fault", () => {
    expect(announcedAddress("87.138.77.190", dial, false, true)).toBe("87.138.77.190");
    // A name is asked for on the day itself.
    expect(announcedAddress("ftp.example.net", dial, true, true)).toBe(dial);
  });

  it("stays where it leads nobody anywhere", () => {
    expect(announcedAddress("192.168.1.5", dial, false)).toBe("192.168.1.5");
    expect(announcedAddress("127.0.0.1", dial, false)).toBe("127.0.0.1");
  });
});
