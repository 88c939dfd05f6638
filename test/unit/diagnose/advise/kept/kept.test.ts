import { keptBy } from "../../../../../harness/diagnose/advise/kept/kept";
import { madeBy } from "../../../../../harness/diagnose/advise/kept/made-by";
import type { Kept } from "../../../../../harness/model/advice";

/** The words for lines on a machine whose clients come by some interface, and whose server is behind br-lan. */
function kept(rules: string, pasted: readonly string[], arrival = "eth0"): Kept | null {
  return keptBy(pasted, {
    rules,
    arrivals: [arrival],
    towards: (address) => (address.startsWith("192.168.1.") ? "br-lan" : null),
  });
}

const forward = (on: string): string =>
  `iptables -t nat -I PREROUTING -i ${on} -d 198.51.100.9 -p tcp --dport 50000:50100 -j DNAT --to-destination 192.168.1.5`;
const pass = (on: string): string =>
  `iptables -I FORWARD -i ${on} -o br-lan -d 192.168.1.5 -p tcp --dport 50000:50100 -m conntrack --ctstate NEW -j ACCEPT`;
const take = "iptables -I INPUT -p tcp --dport 50000:50100 -m conntrack --ctstate NEW -j ACCEPT";
const hide = "iptables -t nat -I POSTROUTING -o br-lan -s 192.168.1.0/24 -d 192.168.1.5 -p tcp -j MASQUERADE";

// As firewalld 2.3.1 of Debian 13 prints them.
const firewalld = [
  "table inet firewalld { # progname firewalld",
  "\tflags owner,persist",
  "\tchain nat_PREROUTING_POLICIES {",
  '\t\tiifname "eth8" jump nat_PRE_policy_allow-host-ipv6',
  '\t\tiifname "eth8" jump nat_PRE_external',
  '\t\tiifname "br-lan" jump nat_PRE_policy_allow-host-ipv6',
  '\t\tiifname "br-lan" jump nat_PRE_internal',
  "\t}",
  "\tchain filter_INPUT_POLICIES {",
  '\t\tiifname "eth8" jump filter_IN_external',
  "\t\tjump filter_IN_policy_allow-host-ipv6",
  "\t\tjump filter_IN_public",
  "\t\treject with icmpx admin-prohibited",
  "\t}",
  "\tchain nat_POST_external_allow {",
  '\t\tmeta nfproto ipv4 oifname != "lo" masquerade',
  "\t}",
  "}",
].join("\n");

const fw3 = [
  "-A PREROUTING -i pppoe-wan -j zone_wan_prerouting",
  "-A PREROUTING -i br-lan -j zone_servers_prerouting",
  "-A zone_wan_postrouting -j MASQUERADE",
  '-A FORWARD -m comment --comment "!fw3"',
].join("\n");

describe("lines that a tool would write over", () => {
  // ufw(8); `insert 1` is refused where there is no rule yet.
  it("are said to ufw, for itself and for what it passes on", () => {
    expect(kept(":ufw-user-input - [0:0]", [take, pass("eth0")])).toMatchObject({
      lines: [
        "ufw prepend allow 50000:50100/tcp",
        "ufw route prepend allow in on eth0 out on br-lan proto tcp from any to 192.168.1.5 port 50000:50100",
      ],
      rest: [],
    });
  });

  it("stand in ufw's own file as that is read, if ufw has no words for them", () => {
    expect(kept(":ufw-user-input - [0:0]", [forward("eth0")])?.rest).toEqual([
      "*nat",
      "-A PREROUTING -i eth0 -d 198.51.100.9 -p tcp --dport 50000:50100 -j DNAT --to-destination 192.168.1.5",
      "COMMIT",
    ]);
  });

  // fw4.uc: parse_redirect, parse_rule, parse_nat.
  it("are said to OpenWrt with the zone that the target is in, and for no other address", () => {
    expect(kept(fw3, [forward("pppoe-wan"), pass("pppoe-wan")], "pppoe-wan")?.lines).toEqual([
      "uci add firewall redirect",
      ...[
        ...["name='FTP 50000-50100'", "src='wan'", "src_dport='50000-50100'", "dest='servers'"],
        ...["dest_ip='192.168.1.5'", "proto='tcp'", "target='DNAT'"],
      ].map((option) => `uci set firewall.@redirect[-1].${option}`),
      "uci commit firewall",
      "service firewall restart",
    ]);
    const alone = kept(fw3, [pass("pppoe-wan")], "pppoe-wan")?.lines;
    expect(alone).toContain("uci set firewall.@rule[-1].dest_ip='192.168.1.5'");
    expect(alone).toContain("uci set firewall.@rule[-1].dest='servers'");
  });

  it("are reflected by OpenWrt if the same ports are forwarded from outside, and else said with the address dialled", () => {
    const both = kept(fw3, [forward("pppoe-wan"), forward("br-lan"), hide])?.lines ?? [];
    expect(both.filter((line) => line.startsWith("uci add"))).toEqual(["uci add firewall redirect"]);
    const inside = kept(fw3, [forward("br-lan"), hide]);
    expect(inside?.rest).toEqual([]);
    expect(inside?.lines).toEqual(
      expect.arrayContaining([
        "uci set firewall.@redirect[-1].src_dip='198.51.100.9'",
        "uci set firewall.@nat[-1].target='MASQUERADE'",
      ]),
    );
  });

  it("are said to firewalld in the zone of the interface, which is no policy's", () => {
    expect(kept(firewalld, [forward("eth8")])?.lines[0]).toBe(
      "firewall-cmd --permanent --zone=external --add-forward-port=port=50000-50100:proto=tcp:toaddr=192.168.1.5",
    );
    expect(kept(firewalld, [take], "eth8")?.lines[0]).toContain("--zone=external --add-port=50000-50100/tcp");
    expect(kept(firewalld, [take], "eth5")?.lines[0]).toContain("--zone=public --add-port=50000-50100/tcp");
  });

  // firewalld.richlanguage(5): a zone's forward has no address, and would turn round whatever leaves by these ports.
  it("ask firewalld for the address dialled where a zone does not lead out", () => {
    expect(kept(firewalld, [forward("br-lan")])?.lines[0]).toBe(
      'firewall-cmd --permanent --zone=internal --add-rich-rule=\'rule family="ipv4" destination address="198.51.100.9" ' +
        'forward-port port="50000-50100" protocol="tcp" to-addr="192.168.1.5"\'',
    );
  });

  // With nftables, filter_IN_ZONE_allow attaches it: what is forwarded never comes there.
  it("are not said to firewalld where its service follows nothing that is forwarded", () => {
    const helper = `nft 'add rule inet ftp_helper prerouting tcp dport 21 ct helper set "ftp"'`;
    const table = "nft 'add table inet ftp_helper'";
    expect(kept(firewalld, [table, helper])).toMatchObject({ lines: [], rest: [table, helper] });
  });

  it("are for the lab alone where a tool keeps its table for itself, or its rules are made of a configuration", () => {
    expect(kept(firewalld, [take])?.onlyInLab).toBe(true);
    expect(kept(firewalld.replace("\tflags owner,persist\n", ""), [take])?.onlyInLab).toBe(false);
    expect(kept(madeBy("OpenWrt", new Map([["wan", ["eth0"]]])), [take])).toMatchObject({ onlyInLab: true });
  });

  // Compose specification, services: ports.
  it("are published by Docker if they lead to one of its containers, and else are somebody else's", () => {
    const rules = ":DOCKER - [0:0]\n-A POSTROUTING -s 172.18.0.0/16 ! -o br-4c1f -j MASQUERADE";
    expect(kept(rules, [forward("ens3").replace("192.168.1.5", "172.18.0.2")])?.lines[0]).toContain(
      '- "50000-50100:50000-50100"',
    );
    expect(kept(rules, [forward("ens3")])).toMatchObject({ lines: [], rest: [forward("ens3")] });
  });

  // shorewall-rules(5).
  it("are said to Shorewall by its zones", () => {
    const rules = [
      ":shorewall - [0:0]",
      "-A INPUT -i eth0 -j net-fw",
      "-A FORWARD -i eth0 -j net_frwd",
      "-A FORWARD -i br-lan -j loc_frwd",
    ].join("\n");
    expect(kept(rules, [take, forward("eth0"), pass("eth0")])?.lines.map((line) => line.split("   ")[0])).toEqual([
      "ACCEPT net $FW tcp 50000:50100",
      "DNAT net loc:192.168.1.5 tcp 50000:50100",
      "shorewall check && shorewall reload",
    ]);
    // Its words for one side let pass nothing of the other.
    expect(kept(rules, [forward("br-lan"), pass("br-lan")])?.rest).toHaveLength(2);
  });

  it("are nobody's where no tool is known", () => {
    expect(kept(":INPUT DROP [0:0]", [take])).toBeNull();
  });
});
