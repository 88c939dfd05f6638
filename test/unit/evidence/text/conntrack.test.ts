import { readFileSync } from "node:fs";
import { parseConnections, parseExpectations } from "../../../../harness/evidence/text/conntrack";

const fixture = (name: string): string => readFileSync(`test/fixtures/parse/${name}.txt`, "utf8");

test("a connection is told in both directions, so that its translation shows", () => {
  const [first] = parseConnections(fixture("client-nat-helper.conntrack"));
  expect(first).toEqual({
    kind: "new",
    at: 1795344475.226828,
    state: "SYN_SENT",
    original: { source: "192.168.20.40", destination: "203.0.113.10", sourcePort: 38051, destinationPort: 21 },
    reply: { source: "203.0.113.10", destination: "203.0.113.1", sourcePort: 21, destinationPort: 38051 },
    replied: false,
    helper: "ftp",
    timeoutS: 120,
  });
});

test("every line of a recording is read, in its order", () => {
  const text = fixture("client-nat-helper.conntrack");
  const events = parseConnections(text);
  expect(events).toHaveLength(text.trimEnd().split("\n").length);
  expect(events.slice(0, 10).map(({ state }) => state)).toEqual(
    "SYN_SENT SYN_RECV ESTABLISHED SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT".split(" "),
  );
  expect(events.slice(1, 3).map(({ kind, replied, helper }) => [kind, replied, helper])).toEqual([
    ["update", true, "ftp"],
    ["update", true, "ftp"],
  ]);
  expect(events.find(({ original }) => original.destinationPort === 34843)?.helper).toBeNull();
});

test("lines without family and id are read alike, IPv6 too", () => {
  const events = parseConnections(fixture("ipv6-firewall-helper.conntrack"));
  expect(events).toHaveLength(50);
  expect(events[0]).toMatchObject({ state: "SYN_SENT", original: { source: "2001:db8:1::1:40" }, helper: "ftp" });
});

test("IPv6 addresses come in their one spelling", () => {
  const text = fixture("ipv6-firewall-helper.conntrack");
  const long = text.replaceAll("2001:db8:2::10 ", "2001:0DB8:2:0:0:0:0:10 ");
  expect(long).not.toBe(text);
  expect(parseConnections(long)).toEqual(parseConnections(text));
});

test("the end of a connection has no state, and UDP is passed over", () => {
  const events = parseConnections(fixture("destroyed.conntrack"));
  const ends = events.filter(({ kind }) => kind === "destroy");
  expect(events).toHaveLength(13);
  expect(ends.map(({ state }) => state)).toEqual([null, null, null, null, null]);
  expect(ends.map(({ replied }) => replied)).toEqual([false, false, false, false, true]);
});

test("what follows a tuple changes nothing, in whatever order it comes", () => {
  const plain =
    "[1795345900.000001]\t [UPDATE] tcp      6 60 SYN_RECV src=192.0.2.1 dst=192.0.2.2 sport=1 dport=21 src=192.0.2.2 dst=192.0.2.1 sport=21 dport=1 helper=ftp";
  const full =
    "[1795345900.000001]\t [UPDATE] ipv4     2 tcp      6 60 SYN_RECV src=192.0.2.1 dst=192.0.2.2 sport=1 dport=21 packets=3 bytes=180 src=192.0.2.2 dst=192.0.2.1 sport=21 dport=1 packets=1 bytes=60 mark=7 use=2 helper=ftp [ASSURED] id=7";
  expect(parseConnections(plain)).toHaveLength(1);
  expect(parseConnections(full)).toEqual(parseConnections(plain));
});

test("a passive transfer's expectation names who may come, the port, and its control connection", () => {
  const [made, used] = parseExpectations(fixture("server-nat-helper.expect"));
  expect(made).toEqual({
    kind: "new",
    at: 1795344464.473209,
    source: "203.0.113.40",
    destination: "203.0.113.1",
    port: 50373,
    master: { source: "203.0.113.40", destination: "203.0.113.1", sourcePort: 33421, destinationPort: 21 },
    helper: "ftp",
  });
  expect(used).toEqual({ ...made, kind: "destroy", at: 1795344464.474263 });
});

test("an active transfer's expectation names the server, with the translated address of the client", () => {
  const [made] = parseExpectations(fixture("client-nat-helper.expect"));
  expect(made).toMatchObject({ source: "203.0.113.10", destination: "203.0.113.1", port: 34843 });
  expect(made?.master.source).toBe("192.168.20.40");
});

test("an expectation that only changes is neither made nor gone", () => {
  expect(parseExpectations(fixture("client-nat-helper.expect").replace("[NEW]", "[UPDATE]"))).toHaveLength(1);
});

test("IPv6 expectations are read alike", () => {
  const events = parseExpectations(fixture("ipv6-firewall-helper.expect"));
  expect(events.map(({ kind }) => kind)).toEqual(["new", "destroy", "new", "destroy", "new", "destroy"]);
  expect(events[2]).toMatchObject({ source: "2001:db8:2::10", destination: "2001:db8:1::1:41", port: 43889 });
});

test("neither kind of line is taken for the other", () => {
  expect(parseConnections(fixture("client-nat-helper.expect"))).toEqual([]);
  expect(parseExpectations(fixture("client-nat-helper.conntrack"))).toEqual([]);
});

test("microseconds that conntrack prints without their leading zeros are read as what they are", () => {
  const line =
    "[1795353361.27637 ]\t    [NEW] 300 proto=6 src=192.168.20.34 dst=203.0.113.10 sport=0 dport=50653 mask-src=255.255.255.255 mask-dst=255.255.255.255 sport=0 dport=65535 master-src=192.168.20.34 master-dst=203.0.113.10 sport=39957 dport=21 class=0 helper=ftp\n";
  expect(parseExpectations(line)).toMatchObject([{ kind: "new", at: 1795353361.027637, port: 50653, helper: "ftp" }]);
});
