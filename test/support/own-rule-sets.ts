/** Rules as people have them, for nodes of `server-nat` and `direct`, and what becomes of a listing over EPSV. */
import type { UserRules } from "../../harness/model/topology";

export type OwnRuleSet = {
  readonly name: string;
  readonly topology: "server-nat" | "server-nat-helper" | "direct";
  readonly node: string;
  readonly rules: Pick<UserRules, "format" | "text">;
  /** `worked`, or the stage that fails, by mode; `null` where nobody can tell. */
  readonly expected: { readonly ftp: string | null; readonly ftps: string | null };
};

function saved(...lines: readonly string[]): OwnRuleSet["rules"] {
  return { format: "iptables", text: `${lines.join("\n")}\n` };
}

const masquerade = ["*nat", ":PREROUTING ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]"];
const open = ["*filter", ":INPUT DROP [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", "COMMIT"];

const openwrt = saved(
  ...masquerade,
  ":zone_wan_prerouting - [0:0]",
  ":zone_wan_postrouting - [0:0]",
  '-A PREROUTING -i internet -m comment --comment "!fw3" -j zone_wan_prerouting',
  '-A POSTROUTING -o internet -m comment --comment "!fw3" -j zone_wan_postrouting',
  '-A zone_wan_prerouting -p tcp -m tcp --dport 21 -m comment --comment "!fw3: FTP" -j DNAT --to-destination 192.168.10.10:21',
  '-A zone_wan_prerouting -p tcp -m tcp --dport 50000:50999 -m comment --comment "!fw3: data" -j DNAT --to-destination 192.168.10.10:50000-50999',
  '-A zone_wan_postrouting -m comment --comment "!fw3" -j MASQUERADE',
  "COMMIT",
  "*filter",
  ":INPUT DROP [0:0]",
  ":FORWARD DROP [0:0]",
  ":OUTPUT ACCEPT [0:0]",
  ":reject - [0:0]",
  ":zone_wan_forward - [0:0]",
  '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment "!fw3" -j ACCEPT',
  '-A FORWARD -i internet -m comment --comment "!fw3" -j zone_wan_forward',
  '-A FORWARD -m comment --comment "!fw3" -j reject',
  "-A reject -p tcp -j REJECT --reject-with tcp-reset",
  "-A reject -j REJECT --reject-with icmp-port-unreachable",
  '-A zone_wan_forward -m conntrack --ctstate DNAT -m comment --comment "!fw3: Accept port forwards" -j ACCEPT',
  "COMMIT",
);

const docker = saved(
  ...masquerade,
  ":OUTPUT ACCEPT [0:0]",
  ":DOCKER - [0:0]",
  "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
  "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
  "-A POSTROUTING -s 192.168.10.0/24 ! -o lan -j MASQUERADE",
  "-A DOCKER -i lan -j RETURN",
  "-A DOCKER ! -i lan -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.10.10:21",
  "COMMIT",
  "*filter",
  ":INPUT ACCEPT [0:0]",
  ":FORWARD DROP [0:0]",
  ":OUTPUT ACCEPT [0:0]",
  ":DOCKER - [0:0]",
  ":DOCKER-ISOLATION-STAGE-1 - [0:0]",
  ":DOCKER-ISOLATION-STAGE-2 - [0:0]",
  ":DOCKER-USER - [0:0]",
  "-A FORWARD -j DOCKER-USER",
  "-A FORWARD -j DOCKER-ISOLATION-STAGE-1",
  "-A FORWARD -o lan -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
  "-A FORWARD -o lan -j DOCKER",
  "-A FORWARD -i lan ! -o lan -j ACCEPT",
  "-A FORWARD -i lan -o lan -j ACCEPT",
  "-A DOCKER -d 192.168.10.10/32 ! -i lan -o lan -p tcp -m tcp --dport 21 -j ACCEPT",
  "-A DOCKER-ISOLATION-STAGE-1 -i lan ! -o lan -j DOCKER-ISOLATION-STAGE-2",
  "-A DOCKER-ISOLATION-STAGE-1 -j RETURN",
  "-A DOCKER-ISOLATION-STAGE-2 -o lan -j DROP",
  "-A DOCKER-ISOLATION-STAGE-2 -j RETURN",
  "-A DOCKER-USER -j RETURN",
  "COMMIT",
);

/** What ufw writes, shortened to what a TCP packet meets. */
function ufw(...user: readonly string[]): OwnRuleSet["rules"] {
  return saved(
    "*filter",
    ":INPUT DROP [0:0]",
    ":FORWARD DROP [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    ":ufw-before-input - [0:0]",
    ":ufw-after-input - [0:0]",
    ":ufw-skip-to-policy-input - [0:0]",
    ":ufw-logging-deny - [0:0]",
    ":ufw-not-local - [0:0]",
    ":ufw-user-input - [0:0]",
    "-A INPUT -j ufw-before-input",
    "-A INPUT -j ufw-after-input",
    "-A ufw-after-input -p udp -m udp --dport 137 -j ufw-skip-to-policy-input",
    "-A ufw-after-input -m addrtype --dst-type BROADCAST -j ufw-skip-to-policy-input",
    "-A ufw-before-input -i lo -j ACCEPT",
    "-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny",
    "-A ufw-before-input -m conntrack --ctstate INVALID -j DROP",
    "-A ufw-before-input -j ufw-not-local",
    "-A ufw-before-input -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT",
    "-A ufw-before-input -j ufw-user-input",
    '-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "',
    "-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN",
    "-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN",
    "-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny",
    "-A ufw-not-local -j DROP",
    "-A ufw-skip-to-policy-input -j DROP",
    ...user,
    "COMMIT",
  );
}

const fw4: OwnRuleSet["rules"] = {
  format: "nftables",
  text: `define wan = { "internet" }
table inet fw4 {
	ct helper ftp {
		type "ftp" protocol tcp
		l3proto inet
	}
	set bogons {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 100.64.0.0/10 }
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iifname $wan ip saddr @bogons counter drop
		iifname $wan jump forward_wan
		iifname "lan" accept
		jump handle_reject
	}
	chain input {
		type filter hook input priority filter; policy drop;
		ct state { established, related } accept
	}
	chain forward_wan {
		ct status dnat accept comment "!fw4: Accept port forwards"
		jump handle_reject
	}
	chain handle_reject {
		meta l4proto tcp reject with tcp reset
		reject with icmpx port-unreachable
	}
	chain prerouting_helper {
		type filter hook prerouting priority -150; policy accept;
		iifname "inter*" tcp dport 21 ct helper set "ftp"
	}
	chain dstnat {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "internet" meta nfproto ipv4 tcp dport 21 counter dnat ip to 192.168.10.10:21 comment "!fw4: FTP"
	}
	chain srcnat {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "internet" masquerade comment "!fw4: Masquerade"
	}
}
`,
};

export const ownRuleSets: readonly OwnRuleSet[] = [
  {
    ...{ name: "OpenWrt with fw3, range forwarded", topology: "server-nat", node: "router", rules: openwrt },
    expected: { ftp: "worked", ftps: "worked" },
  },
  {
    ...{ name: "inner addresses dropped outside, before translation", topology: "server-nat", node: "router" },
    rules: {
      ...openwrt,
      text: `*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 192.168.10.0/24 -i internet -j DROP\nCOMMIT\n${openwrt.text}`,
    },
    expected: { ftp: "worked", ftps: "worked" },
  },
  {
    ...{ name: "OpenWrt with fw4, helper attached", topology: "server-nat", node: "router", rules: fw4 },
    expected: { ftp: "worked", ftps: "data-connect" },
  },
  {
    ...{ name: "Docker, control port published alone", topology: "server-nat", node: "router", rules: docker },
    expected: { ftp: "data-connect", ftps: "data-connect" },
  },
  {
    ...{ name: "several ports in one rule, and a source that is spared", topology: "server-nat", node: "router" },
    rules: saved(
      ...masquerade,
      "-A PREROUTING ! -s 10.0.0.0/8 -i internet -p tcp -m multiport --dports 21,50000:50999 -j DNAT --to-destination 192.168.10.10",
      "-A POSTROUTING -o internet -j SNAT --to-source 203.0.113.1",
      "COMMIT",
      ...open,
    ),
    expected: { ftp: "worked", ftps: "worked" },
  },
  {
    ...{ name: "limits against floods, and what was dialled", topology: "server-nat", node: "router" },
    rules: {
      format: "nftables",
      text: [
        "table ip nat {",
        "\tchain prerouting {",
        "\t\ttype nat hook prerouting priority dstnat; policy accept;",
        "\t\ttcp dport 2121 dnat to 192.168.10.10:21",
        "\t\ttcp dport { 21, 50000-50999 } dnat to 192.168.10.10",
        "\t}",
        "}",
        "table ip filter {",
        "\tchain syn_flood {",
        "\t\tlimit rate 25/second burst 50 packets return",
        "\t\tdrop",
        "\t}",
        "\tchain forward {",
        "\t\ttype filter hook forward priority filter; policy drop;",
        "\t\ttcp flags & (fin | syn | rst | ack) == syn jump syn_flood",
        "\t\tct state established,related accept",
        "\t\tct state new ct count over 30 reject",
        "\t\tct status dnat ct original proto-dst 21 accept",
        "\t\tct original proto-dst 50000-50999 ct original ip daddr 198.51.100.1 limit rate over 100/second burst 200 packets drop",
        "\t}",
        "}",
        "",
      ].join("\n"),
    },
    expected: { ftp: "data-connect", ftps: "data-connect" },
  },
  {
    ...{ name: "limits and what was dialled, in the words of iptables", topology: "server-nat", node: "router" },
    rules: saved(
      ...masquerade,
      "-A PREROUTING -i internet -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.10.10:21",
      "-A PREROUTING -i internet -p tcp -m tcp --dport 50000:50999 -j DNAT --to-destination 192.168.10.10",
      "COMMIT",
      "*filter",
      ":INPUT DROP [0:0]",
      ":FORWARD DROP [0:0]",
      ":OUTPUT ACCEPT [0:0]",
      ":syn_flood - [0:0]",
      "-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j syn_flood",
      "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "-A FORWARD -p tcp -m connlimit --connlimit-above 20 --connlimit-mask 32 --connlimit-saddr -j DROP",
      "-A FORWARD -p tcp -m conntrack --ctstate NEW --ctproto 6 --ctorigdstport 21 --ctdir ORIGINAL -j ACCEPT",
      "-A FORWARD -p tcp -m conntrack --ctstate NEW --ctorigdst 198.51.100.77 -j ACCEPT",
      "-A FORWARD -p tcp -m conntrack --ctstate NEW --ctorigdstport 50000:50999 -j ACCEPT",
      "-A syn_flood -m limit --limit 25/sec --limit-burst 50 -j RETURN",
      "-A syn_flood -j DROP",
      "COMMIT",
    ),
    expected: { ftp: "worked", ftps: "worked" },
  },
  {
    ...{ name: "a range that begins elsewhere", topology: "server-nat", node: "router" },
    rules: saved(
      ...masquerade,
      "-A PREROUTING -i internet -p tcp --dport 21 -j DNAT --to-destination 192.168.10.10",
      "-A PREROUTING -i internet -p tcp --dport 50000:50999 -j DNAT --to-destination 192.168.10.10:60000-60999/50000",
      "COMMIT",
      ...open,
    ),
    expected: { ftp: "data-connect", ftps: "data-connect" },
  },
  {
    ...{ name: "a control port that is redirected to the router itself", topology: "server-nat", node: "router" },
    rules: saved(...masquerade, "-A PREROUTING -p tcp --dport 21 -j REDIRECT --to-ports 2121", "COMMIT"),
    expected: { ftp: "control-connect", ftps: "control-connect" },
  },
  {
    ...{ name: "no state, but all that is no first packet passes", topology: "server-nat", node: "router" },
    rules: saved(
      ...masquerade,
      "-A PREROUTING -i internet -p tcp -m multiport --dports 21,50000:50999 -j DNAT --to-destination 192.168.10.10",
      "COMMIT",
      "*filter",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -p tcp ! --syn -j ACCEPT",
      "-A FORWARD -d 192.168.10.10/32 -p tcp -m tcp --dport 21 --syn -j ACCEPT",
      "COMMIT",
    ),
    expected: { ftp: "data-connect", ftps: "data-connect" },
  },
  {
    ...{ name: "answers that nobody lets through", topology: "server-nat", node: "router" },
    rules: saved(
      ...masquerade,
      "-A PREROUTING -i internet -p tcp --dport 21 -j DNAT --to-destination 192.168.10.10",
      "COMMIT",
      "*filter",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -i internet -o lan -p tcp --dport 21 -j ACCEPT",
      "COMMIT",
    ),
    expected: { ftp: "control-connect", ftps: "control-connect" },
  },
  {
    ...{ name: "ufw on the server, range allowed", topology: "direct", node: "server" },
    rules: ufw(
      "-A ufw-user-input -p tcp -m tcp --dport 21 -j ACCEPT",
      "-A ufw-user-input -p tcp -m multiport --dports 50000:50999 -j ACCEPT",
    ),
    expected: { ftp: "worked", ftps: "worked" },
  },
  {
    ...{ name: "ufw on the server, control port alone", topology: "direct", node: "server" },
    rules: ufw("-A ufw-user-input -p tcp -m tcp --dport 21 -j ACCEPT"),
    expected: { ftp: "data-connect", ftps: "data-connect" },
  },
  {
    ...{ name: "ufw's kin on the server, with a helper of its own", topology: "direct", node: "server" },
    rules: saved(
      ...["*raw", ":PREROUTING ACCEPT [0:0]", "-A PREROUTING -p tcp --dport 21 -j CT --helper ftp", "COMMIT"],
      ...["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"],
      "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      ...["-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT", "COMMIT"],
    ),
    expected: { ftp: "worked", ftps: "data-connect" },
  },
  {
    ...{ name: "a helper of the server's own on another port", topology: "direct", node: "server" },
    rules: saved(
      ...["*raw", ":PREROUTING ACCEPT [0:0]", "-A PREROUTING -p tcp --dport 2121 -j CT --helper ftp", "COMMIT"],
      ...["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"],
      "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      ...["-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT", "COMMIT"],
    ),
    expected: { ftp: "data-connect", ftps: "data-connect" },
  },
  {
    ...{ name: "a server that may answer and open nothing", topology: "direct", node: "server" },
    rules: saved(
      "*filter",
      ":INPUT ACCEPT [0:0]",
      ":OUTPUT DROP [0:0]",
      "-A OUTPUT -m state --state ESTABLISHED -j ACCEPT",
      "COMMIT",
    ),
    expected: { ftp: "worked", ftps: "worked" },
  },
];

/** Where the answer hangs on what no rule tells. */
export const untoldRuleSets: readonly (OwnRuleSet & { readonly quoted: string })[] = [
  {
    ...{ name: "a limit of new connections", topology: "direct", node: "server" },
    rules: saved(
      "*filter",
      ":INPUT DROP [0:0]",
      "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT",
      "-A INPUT -p tcp --dport 21 -m recent --update --seconds 60 --hitcount 4 --name ftp -j DROP",
      "-A INPUT -p tcp -j ACCEPT",
      "COMMIT",
    ),
    expected: { ftp: null, ftps: null },
    quoted: "-A INPUT -p tcp --dport 21 -m recent --update --seconds 60 --hitcount 4 --name ftp -j DROP",
  },
  {
    ...{ name: "a set that nobody has given", topology: "direct", node: "server" },
    rules: saved("*filter", ":INPUT DROP [0:0]", "-A INPUT -p tcp -m set --match-set friends src -j ACCEPT", "COMMIT"),
    expected: { ftp: null, ftps: null },
    quoted: "-A INPUT -p tcp -m set --match-set friends src -j ACCEPT",
  },
  {
    ...{ name: "half of the range", topology: "direct", node: "server" },
    rules: saved(
      "*filter",
      ":INPUT DROP [0:0]",
      "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT",
      "-A INPUT -p tcp -m multiport --dports 21,50000:50499 -j ACCEPT",
      "COMMIT",
    ),
    expected: { ftp: null, ftps: null },
    quoted: "it depends on the port",
  },
  {
    ...{ name: "commands that nobody reads", topology: "direct", node: "server" },
    rules: { format: "nftables", text: 'include "/etc/nftables.d/*.nft"\n' },
    expected: { ftp: null, ftps: null },
    quoted: 'include "/etc/nftables.d/*.nft"',
  },
];
