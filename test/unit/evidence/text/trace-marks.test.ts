import { readFileSync } from "node:fs";
import { toXtablesTrace } from "../../../../harness/evidence/text/nft-trace";
import { decisionOf, parseTrace } from "../../../../harness/evidence/text/router-trace";
import type { TracedPacket } from "../../../../harness/model/evidence";

/** Recorded of a router between 10.0.1.0/24 and 192.0.2.0/24 whose kernel ended a packet's way in each place; a port stands for each. */
const fixture = (kind: string): string => readFileSync(`test/fixtures/parse/every-end.${kind}.txt`, "utf8");
const [trace, ruleset, saved] = [fixture("nft-trace"), fixture("ruleset"), fixture("saved")];
const packets = parseTrace(toXtablesTrace(trace, ruleset, saved));

/** Where the first packets to a port ended, and the step that decided. */
function fates(of: readonly TracedPacket[], port: number): readonly string[] {
  return of
    .filter(({ arrived, flags }) => arrived.destinationPort === port && flags === "SYN")
    .map((packet) => {
      const decision = decisionOf(packet);
      const words = decision?.verdict === "DROP" ? ` by ${decision.chain} ${decision.rule ?? "policy"}` : "";
      return `${packet.end ?? "unknown"}${words}`;
    });
}

test.each([
  ["is accepted and translated", 5003, ["left"]],
  ["is rejected", 5002, ["forward by FORWARD -A FORWARD -p tcp -m tcp --dport 5002 -j REJECT --reject-with tcp-reset"]],
  ["meets a policy", 4000, ["forward by FORWARD policy"]],
  ["has no route", 5004, ["routing"]],
  ["is for the router itself", 5005, ["delivered"]],
  [
    "is dropped before connection tracking",
    5006,
    ["prerouting by PREROUTING -A PREROUTING -p tcp -m tcp --dport 5006 -j DROP"],
  ],
  ["is dropped by iptables-legacy, which tells no rule", 5007, ["forward"]],
  [
    "is the router's own, and dropped on its way out",
    5008,
    ["output by OUTPUT -A OUTPUT -p tcp -m tcp --dport 5008 -j DROP"],
  ],
  ["leads to a neighbour that does not answer", 5009, ["postrouting"]],
])("the end of a packet is told that %s", (_, port, ends) => {
  expect(fates(packets, port)).toEqual(ends);
});

test("a reply that the FTP helper drops comes into postrouting and not out of it, again and under the same id too", () => {
  const replies = packets.filter(({ arrived, size }) => arrived.sourcePort === 21 && size === 69);
  expect(replies.map(({ end, flags }) => [end, flags])).toEqual([
    ["postrouting", "PSH ACK"],
    ["postrouting", "PSH ACK"],
  ]);
});

test("each packet is told with its size and its TTL as it arrived", () => {
  const [syn] = packets;
  expect(syn).toMatchObject({
    arrived: { source: "10.0.1.2", destinationPort: 5003 },
    inLink: "lan",
    size: 60,
    ttl: 64,
  });
  expect(syn?.steps.at(-1)).toMatchObject({ table: "nat", chain: "POSTROUTING", verdict: "ACCEPT", outLink: "wan" });
});

test("marks are no steps, and change none", () => {
  const tables = new Set(packets.flatMap(({ steps }) => steps.map(({ table }) => table)));
  expect([...tables].toSorted()).toEqual(["filter", "nat", "raw"]);
});

test("IPv6 counts its own header apart", () => {
  const line = `trace id 1 ip6 ftp_nat_matrix_marks enter_prerouting packet: iif "lan" ip6 saddr 2001:db8:1::2 ip6 daddr 2001:db8:2::2 ip6 dscp cs0 ip6 ecn not-ect ip6 hoplimit 63 ip6 flowlabel 354435 ip6 length 40 tcp sport 58784 tcp dport 5001 tcp flags == syn tcp window 64800`;
  expect(parseTrace(toXtablesTrace(line, "", ""))).toMatchObject([{ size: 80, ttl: 63, end: "prerouting" }]);
});

test("where no chain sees packets go out, what leaves the last hook has left", () => {
  const withoutEgress = ruleset.replaceAll(/table netdev/g, "table arp");
  const read = parseTrace(toXtablesTrace(trace, withoutEgress, saved));
  expect([fates(read, 5003), fates(read, 5009), fates(read, 5004)]).toEqual([["left"], ["left"], ["routing"]]);
});

test("where events were lost, no end is told and every decision is", () => {
  const read = parseTrace(toXtablesTrace(trace, ruleset, saved, false));
  const decided = (of: readonly TracedPacket[]): readonly object[] =>
    of.map(({ arrived, steps }) => ({ arrived, steps }));
  expect(read.filter(({ end }) => end !== undefined)).toEqual([]);
  expect(decided(read)).toEqual(decided(packets));
});
