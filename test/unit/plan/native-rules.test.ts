import { renderNativeRules } from "../../../harness/plan/native-rules";
import { renderRuleset } from "../../../harness/plan/ruleset";
import { makeLink, makeRouter, makeTopology } from "../../support/networks";
import { ordinaryMake, type RouterMake } from "../../../harness/model/topology";

const links = [
  makeLink("wan-0", ["client", "203.0.113.32"], ["router", "203.0.113.1"]),
  makeLink("lan", ["router", "192.168.10.1"], ["server", "192.168.10.10"]),
];

function rulesOf(make: Partial<RouterMake>, helperPorts: readonly number[] = [21, 2121]) {
  const router = makeRouter("router", { helperPorts, make });
  const topology = makeTopology([router], links, "203.0.113.1");
  return { native: renderNativeRules(topology, router), iptables: renderRuleset(topology, router) };
}

describe("a router's rules by nftables itself", () => {
  it("are none where iptables attaches a helper that knows everything", () => {
    expect(rulesOf(ordinaryMake).native).toBeNull();
  });

  it("attach the helper after conntrack and before NAT, and iptables does not", () => {
    const { native, iptables } = rulesOf({ helperBy: "nftables" });
    expect(native).toContain(
      'type filter hook prerouting priority -150\n    tcp dport { 21, 2121 } ct helper set "ftp-control"',
    );
    expect(iptables.text).not.toContain("-j CT");
  });

  it("hide what the helper must not know when it comes in, and show it again where it leaves by any link", () => {
    const { native } = rulesOf({ helperKnows: ["227"] });
    // `229 ` is 32 32 39 20, `PORT` is 50 4f 52 54.
    expect(native).toContain("tcp sport { 21, 2121 } @ih,0,32 0x32323920 @ih,0,32 set 0x01323920");
    expect(native).toContain("tcp dport { 21, 2121 } @ih,0,32 0x504f5254 @ih,0,32 set 0x014f5254");
    expect(native?.match(/tcp sport \{ 21, 2121 \} @ih,0,32 0x01323920 @ih,0,32 set 0x32323920/g)).toHaveLength(2);
    expect(native).not.toContain("0x32323720");
    expect(native).toContain('hook egress device "wan-0" priority 0');
  });

  it("take away what was there before when the helper is off, and put nothing in its place", () => {
    const { native } = rulesOf({ helperBy: "nftables", helperKnows: ["227"] }, []);
    expect(native?.split("\n")).toEqual([
      "table ip ftp_nat_matrix",
      "delete table ip ftp_nat_matrix",
      "table netdev ftp_nat_matrix",
      "delete table netdev ftp_nat_matrix",
      "",
    ]);
  });
});

describe("a ruleset of the older tables", () => {
  it("goes to their own program, and traces from raw on alone", () => {
    const { command, text } = rulesOf({ tables: "legacy" }).iptables;
    expect(command).toBe("iptables-legacy-restore");
    expect(text.match(/-j TRACE/g)).toHaveLength(1);
    expect(rulesOf({}).iptables.text.match(/-j TRACE/g)).toHaveLength(3);
  });
});

describe("rules of a narrow or lossy router", () => {
  it("drop its own word on packets that are too long only where it is to be silent", () => {
    expect(rulesOf({ mtu: 1280 }).iptables.text).not.toContain("fragmentation-needed");
    expect(rulesOf({ mtu: 1280, tellsTooLong: false }).iptables.text).toContain(
      "-A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP",
    );
  });

  it("lose every nth packet in raw, where neither conntrack nor an expectation has seen it", () => {
    const [raw = ""] = rulesOf({ losesOneIn: 50 }).iptables.text.split("*nat");
    expect(raw).toContain("-A PREROUTING -p tcp -m statistic --mode nth --every 50 --packet 49 -j DROP\nCOMMIT");
  });

  it("refuse with ICMP where the filter prohibits", () => {
    const router = makeRouter("router", { filter: { forward: "prohibit" } });
    const { text } = renderRuleset(makeTopology([router], links, "203.0.113.1"), router);
    expect(text).toContain("-A FORWARD -p tcp -j REJECT --reject-with icmp-admin-prohibited");
    expect(text).toContain(":FORWARD DROP");
  });
});
