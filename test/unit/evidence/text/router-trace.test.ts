import { readFileSync } from "node:fs";
import { decisionOf, leftBy, parseTrace } from "../../../../harness/evidence/text/router-trace";

const fixture = (name: string): string => readFileSync(`test/fixtures/parse/${name}.trace.txt`, "utf8");
const toPort = (text: string, port: number) =>
  parseTrace(text).filter(({ arrived }) => arrived.destinationPort === port);

test("a SYN through DNAT is told as it arrived, with its addresses at each step", () => {
  const [control] = parseTrace(fixture("server-nat-helper"));
  expect(control).toMatchObject({
    arrived: { source: "203.0.113.40", destination: "203.0.113.1", sourcePort: 33421, destinationPort: 21 },
    inLink: "internet",
    flags: "SYN",
  });
  expect(
    control?.steps.map(({ table, chain, rule, verdict, packet }) => [
      `${table}:${chain}`,
      rule,
      verdict,
      packet.destination,
    ]),
  ).toEqual([
    ["raw:PREROUTING", "-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp", "CONTINUE", "203.0.113.1"],
    ["raw:PREROUTING", null, "ACCEPT", "203.0.113.1"],
    [
      "nat:PREROUTING",
      "-A PREROUTING -d 203.0.113.1/32 -i internet -p tcp -m multiport --dports 21,990 -j DNAT --to-destination 192.168.10.10",
      "ACCEPT",
      "203.0.113.1",
    ],
    [
      "filter:FORWARD",
      "-A FORWARD -i internet -o lan -p tcp -m multiport --dports 21,990 -m conntrack --ctstate NEW -j ACCEPT",
      "ACCEPT",
      "192.168.10.10",
    ],
    ["nat:POSTROUTING", null, "ACCEPT", "192.168.10.10"],
  ]);
});

test("the filter's ACCEPT decides, not what NAT says after it", () => {
  const [control] = parseTrace(fixture("client-nat-helper"));
  if (control === undefined) throw new Error("no packet");
  expect(decisionOf(control)).toMatchObject({ table: "filter", chain: "FORWARD", verdict: "ACCEPT" });
  expect(control.steps.at(-1)).toMatchObject({ table: "nat", rule: "-A POSTROUTING -o internet -j MASQUERADE" });
  expect(leftBy(control)).toBe("internet");
});

test("a packet for the router itself leaves by no link, and the policy of INPUT decides", () => {
  const dropped = parseTrace(fixture("server-nat-helper")).filter((packet) => decisionOf(packet)?.verdict === "DROP");
  expect(dropped).toHaveLength(2);
  for (const packet of dropped) {
    expect(decisionOf(packet)).toMatchObject({ table: "filter", chain: "INPUT", rule: null });
    expect(leftBy(packet)).toBeNull();
  }
});

test("each retransmitted SYN is a packet of its own", () => {
  const syns = toPort(fixture("firewall-strict-helper"), 36973);
  expect(syns).toHaveLength(3);
  expect(new Set(syns.map(({ arrived }) => arrived.sourcePort)).size).toBe(1);
  expect(syns.map((packet) => decisionOf(packet)?.rule)).toEqual([null, null, null]);
});

test("an active data connection is seen with the address that the helper gives back to it", () => {
  const [data] = toPort(fixture("client-nat-helper"), 34843);
  expect(data?.arrived.destination).toBe("203.0.113.1");
  expect(data?.steps.at(-1)).toMatchObject({
    rule: "-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT",
    packet: { destination: "192.168.20.40" },
    inLink: "internet",
    outLink: "lan",
  });
});

test("IPv6 traces are read alike", () => {
  const packets = parseTrace(fixture("ipv6-firewall-helper"));
  expect(packets[0]?.arrived).toEqual({
    source: "2001:db8:1::1:40",
    destination: "2001:db8:2::10",
    sourcePort: 46721,
    destinationPort: 21,
  });
  expect(packets[0]?.steps[0]?.rule).toBe("-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp");
  const blind = packets.filter(({ arrived }) => arrived.destinationPort === 50268);
  expect(blind.map((packet) => decisionOf(packet)?.verdict)).toEqual(["DROP", "DROP"]);
});

test("a rejected packet is a drop by the rule that says REJECT, after the chains it went through", () => {
  const rejected = toPort(fixture("own-chain-reject"), 50635);
  expect(rejected).toHaveLength(1);
  const [packet] = rejected;
  expect(packet?.steps.slice(-2).map(({ chain, rule, verdict }) => [chain, rule, verdict])).toEqual([
    ["FORWARD", "-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j guests", "JUMP:guests"],
    ["FORWARD", "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset", "DROP"],
  ]);
  expect(packet === undefined ? null : decisionOf(packet)).toBe(packet?.steps.at(-1));
});

test("a packet that the router sends itself came in by no link", () => {
  const named = fixture("own-chains").replace(/ OUT=lo/g, " IN= OUT=lo");
  for (const packets of [parseTrace(fixture("own-chains")), parseTrace(named)]) {
    expect(packets.map(({ inLink }) => inLink)).toEqual([null, null, null, null, null]);
    expect(packets.map(leftBy)).toEqual(["lo", "lo", "lo", "lo", "lo"]);
  }
});

test("a mark on the packet is no flag", () => {
  for (const { flags } of parseTrace(fixture("own-chain-reject"))) expect(flags).toBe("SYN");
});

test("RETURN, GOTO and quoted comments of somebody's own chains are told", () => {
  const text = fixture("own-chains");
  const steps = parseTrace(text).flatMap((packet) => packet.steps);
  expect(steps.find(({ rule }) => rule?.endsWith("-j RETURN") === true)?.verdict).toBe("RETURN");
  expect(steps.find(({ rule }) => rule?.endsWith("-g deep") === true)?.verdict).toBe("GOTO:deep");
  const [commented] = toPort(text, 9);
  expect(commented === undefined ? null : decisionOf(commented)).toMatchObject({
    chain: "deep",
    rule: String.raw`-A deep -p tcp -m tcp --dport 9 -m comment --comment "a b:c \"q\"" -j ACCEPT`,
  });
});

test("lines of packets that interleave fall to the right packet", () => {
  const text = fixture("firewall-strict-helper");
  const lines = text.split("\n").filter((line) => line !== "");
  const idOf = (line: string): string | undefined => /[0-9a-f]{8}/.exec(line)?.[0];
  const piles = [...new Set(lines.map(idOf))].map((id) => lines.filter((line) => idOf(line) === id));
  const woven = Array.from({ length: 20 }, (_, at) => piles.flatMap((pile) => pile[at] ?? [])).flat();
  expect(woven).toHaveLength(piles.flat().length);
  expect(parseTrace(woven.join("\n"))).toEqual(parseTrace(text));
});

test("an id that starts over in the raw table is another packet, decided or not", () => {
  const text = fixture("firewall-strict-helper").replace(/\b[0-9a-f]{8}\b/g, "00000001");
  expect(parseTrace(text)).toEqual(parseTrace(fixture("firewall-strict-helper")));
});

test("what is dropped later under the id of the connection's SYN is another packet, each time", () => {
  const text = fixture("server-nat-helper");
  const id = /[0-9a-f]{8}/.exec(text)?.[0] ?? "";
  const flow = "SRC=203.0.113.40 DST=192.168.10.10 LEN=52 TTL=63 ID=7 DF SPORT=33421 DPORT=21";
  const lost = [`PACKET: 2 ${id} IN=internet OUT=lan ${flow} ACK PSH `, ` TRACE: 2 ${id} filter:FORWARD:policy:DROP `];
  const [control, ...others] = parseTrace([text.trimEnd(), ...lost, ...lost, ""].join("\n"));
  expect([control, ...others.slice(0, -2)]).toEqual(parseTrace(text));
  for (const packet of others.slice(-2)) {
    expect(packet.flags).toBe("ACK PSH");
    expect(packet.steps.map(({ chain, verdict }) => [chain, verdict])).toEqual([["FORWARD", "DROP"]]);
  }
});

test("a trace that ends early has no decision", () => {
  const [packet] = parseTrace(fixture("server-nat-helper").split("\n").slice(0, 4).join("\n"));
  expect(packet?.steps).toHaveLength(2);
  expect(packet === undefined ? undefined : decisionOf(packet)).toBeNull();
});

test("steps of a packet whose addresses cannot be read are not given to the one before it", () => {
  const text = fixture("server-nat-helper").split("\n").slice(0, 10);
  const other = [
    "PACKET: 2 7f2ed70e IN=internet SRC=203.0.113.40 DST=203.0.113.1 LEN=60 PROTO=ICMP TYPE=8 ",
    " TRACE: 2 7f2ed70e filter:INPUT:policy:DROP ",
  ];
  const alone = parseTrace(text.join("\n"));
  expect(parseTrace([...text, ...other].join("\n"))).toEqual(alone);
  const woken = parseTrace([...text, ...other, ...text.slice(-2)].join("\n"));
  expect(woken.slice(0, 1)).toEqual(alone);
  expect(woken[1]?.steps).toMatchObject([{ table: "nat", chain: "POSTROUTING" }]);
});
