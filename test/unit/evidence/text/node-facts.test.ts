import { countedSince, readNodeFacts } from "../../../../harness/evidence/text/node-facts";

/** Recorded on a router's kernel, cut to a few names each. */
const texts = {
  node: "router",
  routes: `default via 192.0.2.1 dev wan
10.9.0.0/16 via 10.0.1.7 dev lan table 100
blackhole 203.0.113.0/24
10.0.1.0/24 dev lan proto kernel scope link src 10.0.1.1
local 10.0.1.1 dev lan table local proto kernel scope host src 10.0.1.1
broadcast 10.0.1.255 dev lan table local proto kernel scope link src 10.0.1.1
2001:db8:1::/64 dev lan proto kernel metric 256 pref medium
fe80::/64 dev lan proto kernel metric 256 pref medium
multicast ff00::/8 dev lan table local proto kernel metric 256 pref medium
`,
  rules: `0:	from all lookup local
100:	from 10.0.1.2 lookup 100
32766:	from all lookup main
32767:	from all lookup default
0:	from all lookup local
32766:	from all lookup main
`,
  sysctls: `/proc/sys/net/ipv4/conf/wan/rp_filter:1
/proc/sys/net/ipv4/ip_local_port_range:32768	60999
`,
  pairs: `Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams
Ip: 1 64 52 2 0 51
TcpExt: SyncookiesSent IPReversePathFilter
TcpExt: 0 3
`,
  snmp6: `Ip6InReceives                   	7
Ip6InHdrErrors                  	0
`,
  conntrack: `entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop
0000000a  00000000 00000000 00000000 00000010 00000000 00000000 00000000 00000000 00000001 00000000 00000000
0000000a  00000000 00000000 00000000 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000
`,
};

test("routes to a node's own addresses, broadcast and multicast are left out, and so are the rules of every kernel", () => {
  expect(readNodeFacts(texts).routes).toEqual([
    "default via 192.0.2.1 dev wan",
    "10.9.0.0/16 via 10.0.1.7 dev lan table 100",
    "blackhole 203.0.113.0/24",
    "10.0.1.0/24 dev lan proto kernel scope link src 10.0.1.1",
    "2001:db8:1::/64 dev lan proto kernel metric 256 pref medium",
    "100: from 10.0.1.2 lookup 100",
  ]);
});

test("sysctls are told by their names", () => {
  expect(readNodeFacts(texts).sysctls).toEqual({
    "net.ipv4.conf.wan.rp_filter": "1",
    "net.ipv4.ip_local_port_range": "32768 60999",
  });
});

test("counters are told by nstat's names where they are not 0, and those of all processors together", () => {
  expect(readNodeFacts(texts).counters).toEqual({
    IpInReceives: 52,
    IpInHdrErrors: 2,
    IpForwDatagrams: 51,
    TcpExtIPReversePathFilter: 3,
    Ip6InReceives: 7,
    Conntrack_invalid: 18,
    Conntrack_insert_failed: 1,
  });
});

test("what was counted before is no news", () => {
  const before = readNodeFacts(texts);
  const later = readNodeFacts({ ...texts, pairs: texts.pairs.replace("0 3", "0 5") });
  expect(countedSince([before], later).counters).toEqual({ TcpExtIPReversePathFilter: 2 });
  expect(countedSince([], later)).toEqual(later);
});

test("a kernel that tells nothing has no facts", () => {
  const none = { node: "router", routes: "", rules: "", sysctls: "", pairs: "", snmp6: "", conntrack: "" };
  expect(readNodeFacts(none)).toEqual({ node: "router", routes: [], sysctls: {}, counters: {} });
});
