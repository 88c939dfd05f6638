import { toXtablesTrace } from "../../../harness/parse/nft-trace";
import { parseTrace } from "../../../harness/parse/router-trace";

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
