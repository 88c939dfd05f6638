import { readFileSync } from "node:fs";
import { parseRules } from "../../../../../harness/evidence/text/rules";
import { ruleWords, type RuleWords } from "../../../../support/rule-words";

/** A rule set as somebody wrote it, as `nft -a list ruleset` printed it, and as `nft -j list ruleset` did (nftables 1.1.3). */
const written = (name: string, as: "nft" | "list.txt" | "json.txt"): string =>
  readFileSync(`test/fixtures/parse/nft/${name}.${as}`, "utf8");

const nothing: RuleWords = {
  helpers: [],
  destinationNats: [],
  sourceNats: [],
  forward: ["ACCEPT"],
  input: ["ACCEPT"],
  related: "accepted",
};

const cases: readonly (readonly [name: string, family: "ipv4" | "ipv6", rules: Partial<RuleWords>])[] = [
  ["debian-workstation", "ipv4", { input: ["ACCEPT in lo", "ACCEPT ESTABLISHED,RELATED", "DROP INVALID", "DROP"] }],
  [
    "openwrt-fw4",
    "ipv4",
    {
      helpers: ["ftp at PREROUTING after NAT in lan port 21"],
      destinationNats: [
        "192.168.10.10 for in internet port 21,50000-50100",
        "192.168.10.10:21 for in internet port 2121",
      ],
      sourceNats: ["MASQUERADE out internet"],
      forward: [
        "DROP from 10.99.0.0/16",
        "ACCEPT ESTABLISHED",
        "ACCEPT RELATED",
        "DROP in lan out internet INVALID",
        "ACCEPT in lan out internet",
        "ACCEPT in lan out lan",
        "ACCEPT in internet to 192.168.10.10 port 21,50000-50100 NEW",
        "ACCEPT in internet to 192.168.10.10 port 21 NEW",
        "ACCEPT in internet RELATED ?",
        "REJECT in internet out internet",
        "REJECT",
      ],
      input: [
        "DROP from 10.99.0.0/16",
        "ACCEPT in lo",
        "ACCEPT ESTABLISHED",
        "ACCEPT RELATED",
        "ACCEPT in lan",
        "ACCEPT in internet to 192.168.10.10 port 21,50000-50100 NEW",
        "ACCEPT in internet to 192.168.10.10 port 21 NEW",
        "ACCEPT in internet RELATED ?",
        "REJECT in internet",
        "REJECT",
      ],
      related: "conditional",
    },
  ],
  [
    "firewalld",
    "ipv4",
    {
      helpers: ["ftp at INPUT after NAT in lan port 21 ?"],
      sourceNats: ["MASQUERADE out internet ?"],
      forward: [
        "ACCEPT ESTABLISHED,RELATED",
        "ACCEPT RELATED ?",
        "ACCEPT in lo",
        "DROP INVALID",
        "ACCEPT in lan out internet",
        "ACCEPT in lan out lan",
        "REJECT in lan",
        "REJECT in internet",
        "REJECT ?",
        "REJECT",
      ],
      input: [
        "ACCEPT ESTABLISHED,RELATED",
        "ACCEPT RELATED ?",
        "ACCEPT in lo",
        "DROP INVALID",
        "ACCEPT in lan port 22",
        "ACCEPT in lan port 21",
        "REJECT in lan",
        "ACCEPT in internet port 22",
        "REJECT in internet",
        "REJECT ?",
        "REJECT",
      ],
    },
  ],
  [
    "docker-bridges",
    "ipv4",
    {
      destinationNats: ["172.17.0.2:21 for port 21 ?"],
      sourceNats: ["MASQUERADE in lan from 172.17.0.0/16 ?"],
      forward: [
        "DROP ?",
        "ACCEPT out lan ESTABLISHED,RELATED",
        "ACCEPT in lan out lan",
        "ACCEPT out lan to 172.17.0.2 port 21",
        "ACCEPT out lan to 172.17.0.2 port 30000-30009",
        "DROP out lan",
        "ACCEPT in lan ESTABLISHED,RELATED",
        "ACCEPT in lan",
        "ACCEPT",
      ],
      input: ["DROP ?", "ACCEPT"],
      related: "conditional",
    },
  ],
  [
    "libvirt",
    "ipv4",
    {
      sourceNats: ["MASQUERADE from 192.168.122.0/24 ?", "MASQUERADE from 192.168.122.0/24 ?"],
      forward: [
        "ACCEPT in virbr0 out virbr0",
        "ACCEPT out virbr0 to 192.168.122.0/24 ESTABLISHED,RELATED",
        "REJECT out virbr0",
        "ACCEPT in lo from 192.168.122.0/24",
        "REJECT in virbr0",
        "ACCEPT",
      ],
      related: "conditional",
    },
  ],
  [
    "home-router",
    "ipv4",
    {
      sourceNats: ["MASQUERADE out internet from 192.168.10.0/24"],
      forward: ["DROP INVALID", "ACCEPT ESTABLISHED", "ACCEPT RELATED", "ACCEPT in lan", "DROP"],
      input: [
        "DROP INVALID",
        "ACCEPT ESTABLISHED",
        "ACCEPT RELATED",
        "ACCEPT in lo",
        "ACCEPT in lan port 22",
        "ACCEPT in lan port 53",
        "ACCEPT in internet port 22",
        "DROP",
      ],
    },
  ],
  [
    "helper-after-nat",
    "ipv4",
    {
      helpers: ["ftp at PREROUTING after NAT port 21 NEW"],
      destinationNats: ["192.168.13.2 for to 192.168.100.1 port 21"],
      sourceNats: ["SNAT 192.168.100.1 from 192.168.13.2 ?"],
    },
  ],
  ["selftest-ipv6", "ipv4", {}],
  [
    "selftest-ipv6",
    "ipv6",
    {
      helpers: ["ftp at PREROUTING after NAT in r_c port 21 NEW"],
      destinationNats: ["2001:db8:2::2:21 for to 2001:db8:1::1 port 2121"],
      sourceNats: ["SNAT 2001:db8:2::1 to 2001:db8:2::2 port 21"],
      forward: [
        "ACCEPT in r_c to 2001:db8:2::2 port 21 NEW",
        "DROP in r_c port 21 NEW",
        "ACCEPT RELATED",
        "DROP RELATED",
        "ACCEPT ESTABLISHED",
        "DROP ESTABLISHED",
        "DROP",
      ],
      input: ["ACCEPT in r_c port 21 NEW", "ACCEPT RELATED", "ACCEPT ESTABLISHED", "DROP"],
    },
  ],
  [
    "two-forward-chains",
    "ipv4",
    {
      forward: [
        "ACCEPT ESTABLISHED",
        "ACCEPT port 21,22 ESTABLISHED",
        "ACCEPT in lan ESTABLISHED",
        "DROP ESTABLISHED",
        "ACCEPT port 22 ESTABLISHED,RELATED",
        "ACCEPT port 22",
        "ACCEPT in lan port 22",
        "DROP port 22",
        "DROP from 198.51.100.0/24",
        "DROP from 203.0.113.128/26",
        "REJECT port 50000-50999",
        "ACCEPT ESTABLISHED,RELATED",
        "ACCEPT port 21,22",
        "ACCEPT in lan",
        "DROP",
      ],
      related: "conditional",
    },
  ],
  [
    "maps-and-sets",
    "ipv4",
    {
      destinationNats: [
        "192.168.10.10 for in internet port 21",
        "192.168.10.11 for in internet port 2121",
        "192.168.10.10:9990 for in internet port 990",
        "self:8080 for in internet port 80",
        "192.168.10.20 for port 25 ?",
        "192.168.10.21 for port 25 ?",
      ],
      forward: [
        "ACCEPT ESTABLISHED,RELATED",
        "ACCEPT from 192.0.2.7",
        "ACCEPT from 192.0.2.8",
        "ACCEPT to 192.168.10.10 port 8021",
        "ACCEPT to 192.168.10.0/24 port 21,990,50000-50100",
        "ACCEPT ?",
        "ACCEPT port 4021",
        "ACCEPT from 192.0.2.100/30 port 0-20,22-65535",
        "DROP",
      ],
    },
  ],
  [
    "raw-drops",
    "ipv4",
    {
      helpers: ["ftp at PREROUTING port 21,2121 ?"],
      forward: [
        "DROP in internet from 10.0.0.0/8",
        "DROP in internet from 192.168.0.0/16",
        "DROP port 6000-6063",
        "ACCEPT",
      ],
      input: ["DROP in internet from 10.0.0.0/8", "DROP in internet from 192.168.0.0/16", "ACCEPT"],
      related: "conditional",
    },
  ],
  [
    "rejecting",
    "ipv4",
    {
      forward: [
        "ACCEPT ESTABLISHED",
        "ACCEPT port 1024-49999 RELATED",
        "ACCEPT in internet out lan port 21 NEW",
        "REJECT in internet port 50000-65535",
        "REJECT in internet",
        "ACCEPT",
      ],
      related: "conditional",
    },
  ],
  [
    "ftp-server-host",
    "ipv4",
    {
      input: [
        "DROP INVALID",
        "ACCEPT ESTABLISHED,RELATED",
        "ACCEPT in lo",
        "ACCEPT port 21,990 NEW",
        "ACCEPT from 192.0.2.10 port 50000-50100",
        "ACCEPT port 50000-50100 ?",
        "DROP",
      ],
    },
  ],
  [
    "helper-map",
    "ipv4",
    {
      helpers: ["ftp at PREROUTING in lan ?", "ftp at PREROUTING port 21", "ftp at PREROUTING port 2121"],
      forward: [
        "ACCEPT ESTABLISHED",
        "ACCEPT RELATED helper ftp",
        "ACCEPT port 1024-65535 RELATED",
        "ACCEPT port 21 NEW",
        "DROP",
      ],
      input: ["ACCEPT ESTABLISHED", "ACCEPT"],
    },
  ],
  [
    "gotos-and-returns",
    "ipv4",
    {
      forward: [
        "ACCEPT ESTABLISHED,RELATED",
        "ACCEPT in lan out internet ?",
        "ACCEPT in internet to 192.168.10.10 port 21",
        "ACCEPT in internet to 192.168.10.10 port 990",
        "DROP in internet port 50000-50100",
        "ACCEPT port 21 ?",
        "ACCEPT in dmz",
        "DROP",
      ],
    },
  ],
  [
    "families",
    "ipv4",
    { forward: ["DROP port 4", "DROP from 192.0.2.1 port 44", "DROP port 45", "ACCEPT ?", "ACCEPT"] },
  ],
  ["families", "ipv6", { forward: ["ACCEPT port 6", "DROP"], related: "blocked" }],
  [
    "accounting",
    "ipv4",
    {
      forward: ["DROP ?", "DROP port 50000-50100 ?", ...["DROP ?", "DROP ?", "DROP ?", "DROP ?", "DROP ?"], "ACCEPT"],
      related: "conditional",
    },
  ],
];

describe.each(cases)("the rule set %s for %s", (name, family, expected) => {
  it.each(["json.txt", "list.txt", "nft"] as const)("is read from its %s", (as) => {
    expect(ruleWords(parseRules(written(name, as), family))).toEqual({ ...nothing, ...expected });
  });
});

test("a rule's place is told, so that it can be taken away", () => {
  const { helpers, destinationNats } = parseRules(written("helper-after-nat", "json.txt"));
  expect(helpers[0]?.place).toEqual({ family: "inet", table: "ftp_nat", chain: "prerouting", handle: 3 });
  expect(destinationNats[0]?.place).toEqual({ family: "ip", table: "nat", chain: "prerouting", handle: 4 });
  expect(parseRules(written("helper-after-nat", "nft")).helpers[0]?.place?.handle).toBeNull();
});

test("base chains are told in the order of their priorities, with what may block", () => {
  expect(
    parseRules(written("openwrt-fw4", "json.txt")).nftChains.map(
      ({ chain, hook, priority, blocks }) => `${chain} ${hook} ${priority}${blocks ? " blocks" : ""}`,
    ),
  ).toEqual([
    "raw_prerouting prerouting -300 blocks",
    "dstnat prerouting -100",
    "input input 0 blocks",
    "forward forward 0 blocks",
    "prerouting prerouting 0",
    "srcnat postrouting 100",
  ]);
});

const saved = `# Generated by iptables-save v1.8.11 (nf_tables)
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT
COMMIT
`;

describe.each(["json.txt", "list.txt"] as const)("what nftables holds beside iptables, as its %s", (as) => {
  it("has to let pass what iptables accepts", () => {
    const { forward, related, input } = ruleWords(parseRules(saved + written("two-forward-chains", as)));
    expect(forward.at(-1)).toBe("DROP");
    expect(forward).toContain("DROP from 198.51.100.0/24");
    expect(related).toBe("conditional");
    expect(input).toEqual(["ACCEPT"]);
  });

  it("attaches its helper beside iptables' rules", () => {
    expect(ruleWords(parseRules(saved + written("helper-map", as))).helpers).toContain("ftp at PREROUTING port 21");
  });
});

test("tables of iptables-nft that both programs tell are read once, in iptables' words", () => {
  const twice = `${saved}table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy drop;\n\t}\n}\n`;
  expect(parseRules(twice)).toEqual(parseRules(saved));
});

test("what asks for a field of the other family is no rule for this one", () => {
  const text = `table inet a {
	chain b {
		type filter hook forward priority filter; policy accept;
		ip saddr 192.0.2.1 drop
		ip6 saddr 2001:db8::1 drop
		ct original ip daddr 192.0.2.1 drop
	}
}
`;
  expect(ruleWords(parseRules(text, "ipv4")).forward).toEqual(["DROP from 192.0.2.1", "DROP ?", "ACCEPT"]);
  expect(ruleWords(parseRules(text, "ipv6")).forward).toEqual(["DROP from 2001:db8::1", "ACCEPT"]);
});
