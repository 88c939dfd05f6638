import { toXtablesTrace } from "../../../../harness/evidence/text/nft-trace";
import { decisionOf, parseTrace } from "../../../../harness/evidence/text/router-trace";

/** Recorded: a packet that is traced only from the end of INPUT on, since it is about to be dropped. */
const trace = `trace id defef000 ip filter INPUT packet: iif "lan" ip saddr 192.168.10.10 ip daddr 203.0.113.1 ip dscp cs0 ip ecn not-ect ip ttl 64 ip id 0 ip length 40 tcp sport 77 tcp dport 41822 tcp flags == 0x14 tcp window 0
trace id defef000 ip filter INPUT rule counter packets 0 bytes 0 meta nftrace set 1 # handle 4 (verdict continue)
trace id defef000 ip filter INPUT policy drop
`;
const ruleset = `table ip filter {
\tchain INPUT { # handle 1
\t\ttype filter hook input priority filter; policy drop;
\t\tcounter packets 0 bytes 0 meta nftrace set 1 # handle 4
\t}
}
`;
const saved = "*filter\n:INPUT DROP [0:0]\n[0:0] -A INPUT -p tcp -j TRACE\nCOMMIT\n";

test("a trace that begins in the middle of a packet's way is read, with the names of its flags", () => {
  expect(parseTrace(toXtablesTrace(trace, ruleset, saved))).toMatchObject([
    {
      arrived: { source: "192.168.10.10", sourcePort: 77, destination: "203.0.113.1", destinationPort: 41822 },
      inLink: "lan",
      flags: "RST ACK",
      steps: [{ table: "filter", chain: "INPUT", rule: null, verdict: "DROP" }],
    },
  ]);
});

/** Recorded with a user's own nftables file, a chain that is jumped to put in by hand. */
const nativeTrace = `trace id f2b26c58 ip ftp_nat_matrix trace packet: iif "internet" ip saddr 203.0.113.33 ip daddr 203.0.113.1 ip length 60 tcp sport 39353 tcp dport 21 tcp flags == syn tcp window 64240
trace id f2b26c58 ip ftp_nat_matrix trace rule tcp flags & (fin | syn | rst | ack) == syn meta nftrace set 1 # handle 2 (verdict continue)
trace id f2b26c58 ip ftp_nat_matrix trace policy accept
trace id f2b26c58 ip nat pre packet: iif "internet" ip saddr 203.0.113.33 ip daddr 203.0.113.1 ip length 60 tcp sport 39353 tcp dport 21 tcp flags == syn tcp window 64240
trace id f2b26c58 ip nat pre rule iifname "internet" tcp dport { 21, 990 } dnat to 192.168.10.10 # handle 4 (verdict accept)
trace id f2b26c58 inet firewall helpers packet: iif "internet" ip saddr 203.0.113.33 ip daddr 192.168.10.10 ip protocol tcp ip length 60 tcp sport 39353 tcp dport 21 tcp flags == syn tcp window 64240
trace id f2b26c58 inet firewall helpers policy accept
trace id f2b26c58 inet firewall passing packet: iif "internet" oif "lan" ip saddr 203.0.113.33 ip daddr 192.168.10.10 ip protocol tcp ip length 60 tcp sport 39353 tcp dport 21 tcp flags == syn tcp window 64240
trace id f2b26c58 inet firewall passing rule jump services # handle 8 (verdict jump services)
trace id f2b26c58 inet firewall services rule tcp dport { 21, 990 } accept # handle 9 (verdict accept)
`;
const nativeRuleset = `table inet firewall { # handle 1
\tchain helpers { # handle 1
\t\ttype filter hook prerouting priority filter; policy accept;
\t}
\tchain passing { # handle 3
\t\ttype filter hook forward priority filter; policy drop;
\t\tjump services # handle 8
\t}
\tchain services { # handle 4
\t\ttcp dport { 21, 990 } accept # handle 9
\t}
}
table ip nat { # handle 2
\tchain pre { # handle 1
\t\ttype nat hook prerouting priority dstnat; policy accept;
\t}
}
`;

test("chains of nftables' own are told by the hooks that they hang on, and the table that asks for traces is not told", () => {
  const [packet, ...others] = parseTrace(toXtablesTrace(nativeTrace, nativeRuleset, ""));
  expect(others).toEqual([]);
  expect(packet?.steps.map(({ table, chain, verdict }) => `${table} ${chain} ${verdict}`)).toEqual([
    "nat PREROUTING ACCEPT",
    "mangle PREROUTING ACCEPT",
    "filter FORWARD JUMP",
    "filter FORWARD ACCEPT",
  ]);
  expect(packet === undefined ? null : decisionOf(packet)).toMatchObject({
    rule: "tcp dport { 21, 990 } accept",
    outLink: "lan",
  });
});

test("a rule of which nft knows the handle alone, since it came while nft listened, is told as it was written", () => {
  const late = trace
    .replace(/rule counter.*$/m, "unknown rule handle 9 (verdict drop)")
    .replace(/^.*policy drop\n/m, "");
  const grown = ruleset.replace("\t}", "\t\ttcp sport 77 drop # handle 9\n\t}");
  const written = saved.replace("COMMIT", "[1:40] -A INPUT -p tcp -m tcp --sport 77 -j DROP\nCOMMIT");
  expect(parseTrace(toXtablesTrace(late, grown, written))[0]?.steps).toMatchObject([
    { rule: "-A INPUT -p tcp -m tcp --sport 77 -j DROP", verdict: "DROP" },
  ]);
});
