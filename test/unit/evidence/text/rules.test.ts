import { readFileSync } from "node:fs";
import { coversPorts, parseRules, type FilterChain } from "../../../../harness/evidence/text/rules";

const fixture = (name: string): string => readFileSync(`test/fixtures/parse/${name}.rules.txt`, "utf8");
const any = {
  inLink: null,
  outLink: null,
  source: null,
  destination: null,
  ports: null,
  states: null,
  helper: null,
  conditional: false,
};
const port = (first: number, last = first) => ({ first, last });
const filter = (policy: string, ...rules: string[]): FilterChain =>
  parseRules(["*filter", `:FORWARD ${policy} [0:0]`, ...rules, "COMMIT", ""].join("\n")).forward;

test("a port forward with a helper is read from what the kernel holds", () => {
  const rules = parseRules(fixture("server-nat-helper"));
  expect(rules.helpers).toEqual([{ ...any, ports: [port(21)], chain: "PREROUTING", attaches: "ftp" }]);
  expect(rules.destinationNats).toEqual([
    {
      ...any,
      inLink: "internet",
      destination: "203.0.113.1",
      ports: [port(21), port(990)],
      toAddress: "192.168.10.10",
      toPorts: null,
    },
  ]);
  expect(rules.sourceNats).toEqual([{ ...any, outLink: "internet", kind: "MASQUERADE", toAddress: null }]);
  expect(rules.input).toMatchObject({ policy: "DROP", rest: "DROP" });
  expect(rules.forward).toMatchObject({ policy: "DROP", rest: "DROP", related: "accepted" });
  expect(rules.forward.accepted).toEqual([
    { ...any, inLink: "internet", outLink: "lan", ports: [port(21), port(990)], states: ["NEW"], verdict: "ACCEPT" },
    { ...any, inLink: "lan", outLink: "internet", states: ["NEW"], verdict: "ACCEPT" },
  ]);
});

test("IPv6 rules are read alike", () => {
  const { helpers, forward, destinationNats } = parseRules(fixture("ipv6-firewall-helper"));
  expect(helpers).toHaveLength(1);
  expect(destinationNats).toEqual([]);
  expect(forward).toMatchObject({ rest: "DROP", related: "accepted" });
});

test("a REJECT for all TCP is what meets the rest, whatever the policy", () => {
  const { forward } = parseRules(fixture("own-chain-reject"));
  expect(forward).toMatchObject({ policy: "DROP", rest: "REJECT", related: "accepted" });
  expect(forward.accepted.map(({ ports }) => ports)).toEqual([[port(2121)], [port(21), port(990)], null]);
});

test("an attachment to several ports is one, a comment is none, and UDP's are not FTP's", () => {
  expect(parseRules(fixture("administrator")).helpers).toEqual([
    { ...any, inLink: "eth0", ports: [port(21)], chain: "PREROUTING", attaches: "ftp" },
    { ...any, ports: [port(2121), port(2122)], chain: "PREROUTING", attaches: "ftp" },
  ]);
});

test("a match on the helper attaches nothing", () => {
  expect(parseRules("*raw\n-A PREROUTING -p tcp -m helper --helper ftp -j ACCEPT\n").helpers).toEqual([]);
});

test.each(["CT --notrack", "NOTRACK", "ACCEPT", "CT --zone 3"])("behind %s a helper may come too late", (target) => {
  const text = `*raw\n-A PREROUTING -i lan -j ${target}\n-A PREROUTING -p tcp --dport 21 -j CT --helper ftp\n`;
  expect(parseRules(text).helpers).toMatchObject([{ conditional: true, ports: [port(21)] }]);
});

test("exempted packets, sets of addresses and negations make NAT conditional, never wider", () => {
  const { destinationNats, sourceNats } = parseRules(fixture("administrator"));
  expect(destinationNats).toMatchObject([
    { ...any, conditional: true, ports: [port(21)], toAddress: "172.17.0.2", toPorts: port(2121) },
    {
      ...any,
      conditional: true,
      inLink: "eth0",
      destination: "203.0.113.1",
      ports: [port(50000, 50999)],
      toAddress: "192.168.10.10",
      toPorts: port(50000, 50999),
    },
    { ...any, conditional: true, ports: [port(8021)], toAddress: null, toPorts: port(21) },
  ]);
  expect(sourceNats).toMatchObject([
    { ...any, conditional: true, source: "192.168.10.0/24", outLink: "eth0", kind: "MASQUERADE", toAddress: null },
    { ...any, source: "192.168.20.0/24", outLink: "eth0", kind: "SNAT", toAddress: "203.0.113.2" },
  ]);
});

test("a MASQUERADE for everything is not lost", () => {
  expect(parseRules("*nat\n-A POSTROUTING -j MASQUERADE\n").sourceNats).toMatchObject([{ ...any, kind: "MASQUERADE" }]);
});

test.each([
  ["192.168.1.2", "192.168.1.2", null, false],
  ["192.168.1.2:21", "192.168.1.2", port(21), false],
  [":2121", null, port(2121), false],
  ["[2001:db8::0:1]:50000-50999", "2001:db8::1", port(50000, 50999), false],
  ["2001:db8::1", "2001:db8::1", null, false],
  ["192.168.1.2-192.168.1.9", "192.168.1.2", null, true],
  ["192.168.1.2:50000-50999/60000", "192.168.1.2", null, true],
  ["nonsense", null, null, true],
])("the target %s of a DNAT is understood", (target, toAddress, toPorts, conditional) => {
  const [nat] = parseRules(`*nat\n-A PREROUTING -p tcp -j DNAT --to-destination ${target}\n`).destinationNats;
  expect(nat).toEqual({ ...any, conditional, toAddress, toPorts });
});

test("an administrator's chains are read in place, with what was asked on the way", () => {
  const { forward, input } = parseRules(fixture("administrator"));
  expect(forward).toMatchObject({ policy: "ACCEPT", rest: "REJECT", related: "accepted" });
  const way = { ...any, inLink: "eth0", outLink: "eth1", verdict: "ACCEPT" };
  // The block of 10.0.0.0/8 stands before both.
  expect(forward.accepted).toEqual([
    { ...way, ports: [port(21)], conditional: true },
    { ...way, ports: [port(50000, 50099), port(50200)], conditional: true },
    { ...any, inLink: "eth1", outLink: "eth0", verdict: "ACCEPT" },
  ]);
  expect(input.rules).toMatchObject([
    { ...any, ports: [port(22)], states: ["NEW"], conditional: true, verdict: "ACCEPT" },
  ]);
});

test.each<[string, FilterChain["related"], string[]]>([
  ["nothing names them", "blocked", []],
  ["only established connections pass", "blocked", ["-A FORWARD -m state --state ESTABLISHED -j ACCEPT"]],
  ["they are named with others", "accepted", ["-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"]],
  ["only ports of data are named", "accepted", ["-A FORWARD -p tcp -m state --state RELATED --dport 1024: -j ACCEPT"]],
  ["only some ports are named", "conditional", ["-A FORWARD -p tcp -m state --state RELATED --dport 50000: -j ACCEPT"]],
  ["another helper is named", "blocked", ["-A FORWARD -m helper --helper tftp -j ACCEPT"]],
  ["the FTP helper is named", "accepted", ["-A FORWARD -m helper --helper ftp-2121 -j ACCEPT"]],
  ["they pass from one link", "conditional", ["-A FORWARD -i wan -m conntrack --ctstate RELATED -j ACCEPT"]],
  [
    "one link is blocked first",
    "conditional",
    ["-A FORWARD -i wan -j DROP", "-A FORWARD -m state --state RELATED -j ACCEPT"],
  ],
  ["all is blocked first", "blocked", ["-A FORWARD -j DROP", "-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT"]],
  [
    "a queue may take them first",
    "conditional",
    ["-A FORWARD -i wan -j NFQUEUE --queue-num 1", "-A FORWARD -m state --state RELATED -j ACCEPT"],
  ],
  ["the state is negated", "conditional", ["-A FORWARD -m conntrack ! --ctstate INVALID -j ACCEPT"]],
  ["they are UDP", "blocked", ["-A FORWARD -p udp -m conntrack --ctstate RELATED -j ACCEPT"]],
])("announced data connections: %s", (_, related, rules) => {
  expect(filter("DROP", ...rules).related).toBe(related);
});

test("where everything passes, announced data connections do too", () => {
  expect(filter("ACCEPT")).toEqual({ policy: "ACCEPT", rest: "ACCEPT", rules: [], related: "accepted", accepted: [] });
  expect(parseRules("").forward.rest).toBe("ACCEPT");
});

test.each([
  ["-A FORWARD ! -i lan -j ACCEPT", { conditional: true }],
  ["-A FORWARD -i ! lan -j ACCEPT", { conditional: true }],
  ["-A FORWARD -i eth+ -j ACCEPT", { conditional: true }],
  ["-A FORWARD -p tcp ! --dport 21 -j ACCEPT", { conditional: true }],
  ["-A FORWARD -p tcp --sport 1024: --dport 21 -j ACCEPT", { conditional: true, ports: [port(21)] }],
  ["-A FORWARD -m set --match-set friends src -j ACCEPT", { conditional: true }],
  ["-A FORWARD -p tcp --dport nonsense -j ACCEPT", { conditional: true }],
  ["-A FORWARD -m iprange --src-range 10.0.0.1-10.0.0.9 -j ACCEPT", { conditional: true }],
  ["-A FORWARD -p 6 --dport ftp -j ACCEPT", { ports: [port(21)] }],
  ["-A FORWARD -p tcp -m multiport --dports 21,:80 -j ACCEPT", { ports: [port(21), port(0, 80)] }],
  ["-A FORWARD -p tcp -m tcp --dport 20:30 -m multiport --dports 10:21,990 -j ACCEPT", { ports: [port(20, 21)] }],
  ["--append FORWARD --in-interface lan --protocol tcp --jump ACCEPT", { inLink: "lan" }],
  ["-A FORWARD -d 2001:DB8::/32 -j ACCEPT", { destination: "2001:db8::/32" }],
  ["-A FORWARD -s 0.0.0.0/0 -i lan -j ACCEPT", { inLink: "lan" }],
  ["[3:180] -A FORWARD -i lan -p tcp --syn -j ACCEPT", { inLink: "lan" }],
  ["-A FORWARD -j ACCEPT -p tcp --dport 21", { ports: [port(21)] }],
])("%s is told by what it asks", (rule, asked) => {
  expect(filter("DROP", rule).rules).toMatchObject([{ ...any, ...asked, verdict: "ACCEPT" }]);
});

test.each([
  "-p udp",
  "! -p tcp",
  "-p tcp ! --syn",
  "-p tcp --tcp-flags ALL NONE",
  "-p tcp --tcp-flags SYN,ACK SYN,ACK",
])("%s never meets a SYN", (match) => {
  expect(filter("DROP", `-A FORWARD ${match} -j ACCEPT`)).toMatchObject({ rules: [], rest: "DROP" });
});

test("what returned from a chain is not decided by the rules behind it", () => {
  const chain = filter("DROP", ":own - [0:0]", "-A FORWARD -j own", "-A own -i lan -j RETURN", "-A own -j ACCEPT");
  expect(chain).toMatchObject({ rest: "DROP", rules: [{ conditional: true, verdict: "ACCEPT" }] });
});

test("a chain that ends everything ends its caller too, a goto does not come back", () => {
  expect(filter("DROP", "-A FORWARD -j own", "-A own -j ACCEPT", "-A FORWARD -j DROP").rest).toBe("ACCEPT");
  expect(filter("DROP", "-A FORWARD -g own", "-A own -i lan -j DROP", "-A FORWARD -j ACCEPT").rest).toBe("DROP");
  expect(filter("DROP", "-A FORWARD -g own", "-A own -i lan -j DROP", "-A FORWARD -j ACCEPT").accepted).toEqual([]);
  expect(filter("DROP", "-A FORWARD -j own", "-A own -i lan -j DROP", "-A FORWARD -j ACCEPT").rest).toBe("ACCEPT");
});

test("a goto for some packets leaves the rules behind it to the others", () => {
  const chain = filter(
    "DROP",
    "-A FORWARD -i lan -g own",
    "-A own -p tcp --dport 21 -j ACCEPT",
    "-A FORWARD -j ACCEPT",
  );
  expect(chain).toMatchObject({ rest: "DROP", rules: [{ inLink: "lan" }, { ...any, conditional: true }] });
});

test("behind a target that nobody knows every rule is conditional", () => {
  const [rule] = filter("DROP", "-A FORWARD -i wan -j NFQUEUE", "-A FORWARD -i lan -j ACCEPT").rules;
  expect(rule).toEqual({ ...any, inLink: "lan", conditional: true, verdict: "ACCEPT" });
});

test("rules behind the end of a chain are never met", () => {
  const chain = filter("DROP", "-A FORWARD -i lan -j own", "-A own -j DROP", "-A own -p tcp --dport 21 -j ACCEPT");
  expect(chain.rules).toEqual([{ ...any, inLink: "lan", verdict: "DROP" }]);
});

test("what only announced connections meet accepts no new ones", () => {
  expect(filter("DROP", "-A FORWARD -m helper --helper ftp -j ACCEPT")).toMatchObject({
    related: "accepted",
    accepted: [],
  });
});

test("a jump for some packets does not make its chain's end everybody's", () => {
  const chain = filter("ACCEPT", "-A FORWARD -i wan -p tcp --dport 0:1023 -j own", "-A own -j REJECT");
  expect(chain).toMatchObject({ rest: "ACCEPT", related: "accepted" });
  expect(chain.rules).toEqual([{ ...any, inLink: "wan", ports: [port(0, 1023)], verdict: "REJECT" }]);
});

test("rules that contradict the way to them are left out", () => {
  const chain = filter(
    "DROP",
    "-A FORWARD -i wan -s 10.0.0.0/8 -j own",
    "-A own -i lan -j ACCEPT",
    "-A own -s 192.0.2.1 -j ACCEPT",
    "-A own -s 10.1.0.0/16 -j ACCEPT",
  );
  expect(chain.rules).toEqual([{ ...any, inLink: "wan", source: "10.1.0.0/16", verdict: "ACCEPT" }]);
});

test("chains that jump to themselves or multiply without end are cut, and nothing is promised then", () => {
  const loop = filter("ACCEPT", "-A FORWARD -j one", "-A one -j two", "-A two -j one");
  expect(loop.related).toBe("conditional");
  const doubling = Array.from({ length: 30 }, (_, at) => `-A c${at} -j c${at + 1}\n`.repeat(2)).join("");
  expect(filter("ACCEPT", "-A FORWARD -j c0", doubling, "-A c30 -j LOG").related).toBe("conditional");
});

test("ports are covered by ranges taken together", () => {
  expect(coversPorts([port(200, 300), port(100, 199)], port(150, 250))).toBe(true);
  expect(coversPorts([port(100, 198), port(200, 300)], port(150, 250))).toBe(false);
  expect(coversPorts([port(100, 300), port(110, 120)], port(100, 300))).toBe(true);
  expect(coversPorts([], port(1))).toBe(false);
  expect(coversPorts(null, port(0, 65535))).toBe(true);
});
