import { movesPort } from "../../../harness/diagnose/explains";
import type { FirstBreak } from "../../../harness/model/first-break";

function brokenBy(rule: string): FirstBreak {
  return {
    what: "lost",
    thing: { connection: "data", kind: "syn", from: "client", text: null },
    place: { kind: "node", node: "router" },
    hand: { kind: "rule", node: "router", table: "nat", chain: "PREROUTING", rule, isClosing: false },
    side: "router",
    packet: null,
    sentence: "",
    proofs: [],
  };
}

test.each([
  ["-A PREROUTING -p tcp --dport 50000:50100 -j DNAT --to-destination 192.168.1.9:50000-50100", false],
  ["-A PREROUTING -p tcp --dport 50000:50100 -j DNAT --to-destination 192.168.1.9:40000-40100", true],
  ["-A PREROUTING -p tcp --dport 50007 -j DNAT --to-destination 192.168.1.9:50007", false],
  ["-A PREROUTING -p tcp -j DNAT --to-destination 192.168.1.9:2121", true],
  ["-A PREROUTING -p tcp --dport 50000:50100 -j DNAT --to-destination 192.168.1.9", false],
  ['iifname "wan" tcp dport 49152-49407 dnat ip to 192.168.1.9:49152-49407', false],
  ['iifname "wan" tcp dport 49152-49407 dnat ip to 192.168.1.9:21', true],
])("%s: moves the port: %s", (rule, moves) => {
  expect(movesPort(brokenBy(rule))).toBe(moves);
});
