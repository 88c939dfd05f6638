import { readFileSync } from "node:fs";
import {
  acceptLines,
  attachLines,
  deleteLines,
  speaksNft,
  translationLines,
} from "../../../../harness/diagnose/remedies/nft-lines";
import type { RouterView } from "../../../../harness/diagnose/observations";
import { parseRules } from "../../../../harness/evidence/text/rules";

function routerWith(text: string): RouterView {
  return {
    ...{ id: "router", rules: parseRules(text), control: null, controlPort: 21, inLink: "internet", outLink: "lan" },
    ...{
      helperPorts: [],
      attached: null,
      answered: null,
      forgetsAfterS: null,
      translatesClient: false,
      translatesServer: true,
    },
    ...{ untracking: [], expectations: [], syn: { kind: "unseen" }, dropped: [] },
  };
}

const read = (name: string): RouterView => routerWith(readFileSync(`test/fixtures/parse/nft/${name}.json.txt`, "utf8"));

test("what has to pass is accepted first in each chain that may block it, and in no other", () => {
  const match = { inLink: "internet", outLink: "lan", destination: "192.168.10.10", ports: "50000-50999" };
  expect(acceptLines(read("two-forward-chains"), match, "ct state new")).toEqual([
    `nft 'insert rule inet blocklist forward iifname "internet" oifname "lan" ip daddr 192.168.10.10 tcp dport 50000-50999 ct state new accept'`,
    `nft 'insert rule inet firewall forward iifname "internet" oifname "lan" ip daddr 192.168.10.10 tcp dport 50000-50999 ct state new accept'`,
  ]);
  // Before routing there is no way out yet, nor the last destination.
  expect(acceptLines(read("raw-drops"), match, "ct state new")[0]).toBe(
    `nft 'insert rule inet raw prerouting iifname "internet" tcp dport 50000-50999 ct state new accept'`,
  );
  expect(acceptLines(read("helper-after-nat"), match, "ct state new")).toEqual([]);
});

test("translations stand in the router's own chain, or in a table of their own where it has none", () => {
  const match = { destination: "203.0.113.1", ports: "21" };
  const to = { verb: "dnat", to: "192.168.10.10" } as const;
  expect(translationLines(read("openwrt-fw4"), "prerouting", match, to)).toEqual([
    "nft 'insert rule inet fw4 dstnat ip daddr 203.0.113.1 tcp dport 21 dnat ip to 192.168.10.10'",
  ]);
  expect(translationLines(read("rejecting"), "prerouting", match, to)).toEqual([
    "nft 'add table ip ftp_nat'",
    "nft 'add chain ip ftp_nat prerouting { type nat hook prerouting priority dstnat; }'",
    "nft 'add rule ip ftp_nat prerouting ip daddr 203.0.113.1 tcp dport 21 dnat to 192.168.10.10'",
  ]);
});

test("the helper is attached before destinations are translated", () => {
  expect(attachLines(2121)).toContain(
    "nft 'add chain inet ftp_helper prerouting { type filter hook prerouting priority mangle; }'",
  );
});

test("rules are taken away by their handles, all or none", () => {
  const place = { family: "inet", table: "fw4", chain: "helper_lan", handle: 7 };
  expect(deleteLines([place, place])).toEqual(["nft delete rule inet fw4 helper_lan handle 7"]);
  expect(deleteLines([place, { ...place, handle: null }])).toEqual([]);
  expect(deleteLines([{ ...place, table: "$(reboot)" }])).toEqual([]);
});

test("names that a shell would take for more are in no line", () => {
  const rules =
    '{"nftables": [{"chain": {"family": "ip", "table": "a\'; reboot; \'", "name": "b", "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}}]}';
  expect(acceptLines(routerWith(rules), {}, "ct state related")).toEqual([]);
});

test("a router speaks nft where iptables has no rules", () => {
  expect(speaksNft(read("rejecting"))).toBe(true);
  expect(speaksNft(routerWith("*filter\n:FORWARD DROP [0:0]\nCOMMIT\n"))).toBe(false);
  expect(speaksNft(null)).toBe(false);
});
