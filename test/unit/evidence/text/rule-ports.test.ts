import { namesPort, portsNamedIn } from "../../../../harness/evidence/text/rule-ports";

describe("ports that a rule names", () => {
  it.each([
    ["-A PREROUTING -p tcp --dport 21 -j CT --notrack", [[21, 21]]],
    [
      "-A FORWARD -p tcp -m multiport --dports 21,990,50000:50999 -j ACCEPT",
      [
        [21, 21],
        [990, 990],
        [50000, 50999],
      ],
    ],
    [
      "tcp dport { 21, 50000-50999 } accept",
      [
        [21, 21],
        [50000, 50999],
      ],
    ],
    ["tcp sport 21 drop", [[21, 21]]],
    [
      "-A PREROUTING -p tcp ! --dport 21 -j DNAT --to-destination 192.0.2.1",
      [
        [0, 20],
        [22, 65535],
      ],
    ],
    [
      "tcp dport != 21 drop",
      [
        [0, 20],
        [22, 65535],
      ],
    ],
    ["-A FORWARD -i wan -j DROP", []],
  ])("are read from %s", (rule, ranges) => {
    expect(portsNamedIn(rule).map(({ first, last }) => [first, last])).toEqual(ranges);
  });

  it("may be asked for one end alone", () => {
    expect(portsNamedIn("-p tcp --sport 21 --dport 5000", "d")).toEqual([{ first: 5000, last: 5000 }]);
    expect(namesPort(portsNamedIn("tcp dport 1000-2000"), 1500)).toBe(true);
    expect(namesPort(portsNamedIn("tcp dport 1000-2000"), 21)).toBe(false);
  });
});
