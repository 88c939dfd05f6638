import { UsageError } from "../../../harness/model/errors";
import { importTexts } from "../../support/import-files";

const filter = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 21 -j ACCEPT\nCOMMIT\n";
const nat = (to: string): string =>
  `*nat\n-A PREROUTING -i eth0 -p tcp --dport 21 -j DNAT --to-destination ${to}\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n`;
const tooMany = Array.from(
  { length: 100_000 },
  (_, at) => `-A INPUT -s 10.${at >> 16}.${(at >> 8) & 255}.${at & 255} -j DROP`,
);

const wrong: readonly (readonly [
  title: string,
  texts: Readonly<Record<string, string>>,
  message: RegExp,
  hint: RegExp,
])[] = [
  ["an empty file", { "fw.txt": "\n\n" }, /^fw\.txt is empty\.$/, /iptables-save/],
  ["comments alone", { "rules.v4": "# nothing yet\n\n# todo\n" }, /^rules\.v4 has comments alone/, /iptables-save/],
  [
    "text from a picture",
    { "scan.txt": "*fi1ter\n:INPUT DROP [31:186O]\n-A INPUT -j ACCEPT\nCOMMIT\n" },
    /^scan\.txt:1: this text was recognised from a picture/,
    /from the machine/,
  ],
  [
    "a rule that leads to no chain",
    { "fw.txt": "*filter\n:INPUT DROP [0:0]\n-A INPUT -j ftp_in\nCOMMIT\n" },
    /^fw\.txt:3: there is no chain ftp_in/,
    /iptables-save again/,
  ],
  [
    "a ruleset that includes others",
    { "nftables.conf": 'include "/etc/nftables.d/defines.nft"\ntable inet filter {\n}\n' },
    /^nftables\.conf:1: this is in another file: include/,
    /nft list ruleset/,
  ],
  [
    "a ruleset with variables of elsewhere",
    { "fw.nft": "table inet filter {\n\tchain input {\n\t\tiifname $LAN accept\n\t}\n}\n" },
    /^fw\.nft:3: nothing defines \$LAN/,
    /nft list ruleset/,
  ],
  [
    "a web server's file",
    { "proftpd.conf": "<VirtualHost *:80>\n  ServerName www.example.net\n  DocumentRoot /var/www\n</VirtualHost>\n" },
    /^proftpd\.conf:1: this is a configuration of a web server/,
    /proftpd\.conf/,
  ],
  ["a binary file", { "fw.bin": "\0\0PNG" }, /^fw\.bin is not text\.$/, /iptables-save/],
  [
    "prose",
    { "mail.txt": "Hello,\nmy FTP does not work.\n" },
    /^mail\.txt:1: import does not know what this is: Hello,$/,
    /iptables-save/,
  ],
  ["nft's JSON", { "rules.json": '{"nftables": []}' }, /^rules\.json:1: this is nft's JSON/, /nft list ruleset/],
  [
    "a web page",
    { "fw.txt": `<!DOCTYPE html>\n<pre>${filter}</pre>\n` },
    /^fw\.txt:1: this is a web page/,
    /text of the dump/,
  ],
  ["Cisco's", { "r.txt": "Building configuration...\nhostname R1\n" }, /^r\.txt:1: .*Cisco/, /only rules of Linux/],
  ["pfSense's backup", { "c.xml": '<?xml version="1.0"?>\n<pfsense>\n' }, /^c\.xml:2: .*pfSense/, /Leave the file out/],
  [
    "RouterOS",
    { "e.rsc": "# jan/02/1970 by RouterOS 6.49\n/ip firewall nat\n" },
    /^e\.rsc:1: .*RouterOS/,
    /Leave the file out/,
  ],
  ["gzip", { "rules.v4": "\u001F\uFFFD\u0008\0" }, /^rules\.v4 is compressed \(gzip\)/, /Unpack/],
  [
    "what sudo said in place of the rules",
    { "fw.txt": "[sudo] password for pi: \nSorry, try again.\niptables-save: Permission denied (you must be root)\n" },
    /^fw\.txt:3: this is the error message of a command/,
    /as root/,
  ],
  ["a quoted dump", { "fw.txt": filter.replace(/^/gm, "> ") }, /^fw\.txt:1: a mail or forum/, /from the machine again/],
  [
    "dashes that a word processor has changed",
    { "fw.txt": filter.replace("--dport", "\u2013dport") },
    /^fw\.txt:3: .* has changed this text/,
    /from the machine again/,
  ],
  [
    "rules of iptables that nft cannot print",
    {
      "nft.txt":
        'table ip nat {\n\tchain DOCKER {\n\t\ttcp dport 21 counter packets 3 bytes 180 xt target "DNAT"\n\t}\n}\n',
    },
    /^nft\.txt:3: nft cannot print this rule/,
    /iptables-save/,
  ],
  [
    "one table of a machine that passes connections on",
    { "r.txt": "-P FORWARD DROP\n-A FORWARD -d 192.168.1.20/32 -p tcp -m tcp --dport 21 -j ACCEPT\n" },
    /^r\.txt:2: .* only the table filter/,
    /iptables-save/,
  ],
  [
    "a dump without the rules of iptables-legacy",
    {
      "fw.txt":
        "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n",
      "vsftpd.conf": "listen=YES\nanonymous_enable=NO\n",
    },
    /^fw\.txt:4: this file has no rules/,
    /iptables-legacy-save/,
  ],
  [
    "a table without its COMMIT",
    { "fw.txt": filter.replace("COMMIT\n", "") },
    /^fw\.txt:1: the table filter .* cut off/,
    /whole output/,
  ],
  [
    "a ruleset that ends early",
    { "fw.nft": "table inet f {\n\tchain c {\n" },
    /^fw\.nft:2: .* cut off/,
    /whole output/,
  ],
  [
    "a collect text that ends early",
    { "c.txt": "# ftp-nat-matrix collect 1\n# host: a\n=== begin nft ===\n" },
    /^c\.txt:3: the section nft has no end/,
    /collect again/,
  ],
  [
    "a collect text of a later version",
    { "c.txt": "# ftp-nat-matrix collect 9\n" },
    /^c\.txt:1: this release does not know collect 9/,
    /collect/,
  ],
  [
    "more rules of nftables than any person writes",
    {
      "fw.nft": `table inet f {\n\tchain c {\n${tooMany.map((line) => `\t\tip saddr ${line.slice(12, -8)} drop`).join("\n")}\n\t}\n}\n`,
    },
    /^fw\.nft has 100000 rules/,
    /Leave out/,
  ],
  [
    "two dumps in one text",
    { "fw.txt": `${nat("10.0.0.5")}${filter}${nat("10.9.9.5")}` },
    /^fw\.txt:9: the table nat .* line 1/,
    /NAME=FILE/,
  ],
  [
    "shell characters in an interface's name",
    { "fw.txt": nat("10.0.0.5").replace("-i eth0", "-i eth0;reboot") },
    /^fw\.txt:2: `eth0;reboot` is no name of an interface/,
    /as it prints them/,
  ],
  [
    "a name that no interface can have",
    { "fw.nft": 'table ip f {\n\tchain c {\n\t\tiifname "a-name-of-20-letters" accept\n\t}\n}\n' },
    /^fw\.nft:3: `a-name-of-20-letters` is no name/,
    /as it prints them/,
  ],
  [
    "an address that is none",
    { "fw.txt": nat("10.0.0.500") },
    /^fw\.txt:2: 10\.0\.0\.500 is no address/,
    /as it prints them/,
  ],
  [
    "a range upside down",
    { "fw.txt": nat("10.0.0.5").replace("--dport 21", "-m multiport --dports 21,50100:50000") },
    /^fw\.txt:2: the range 50100:50000 is upside down/,
    /as it prints them/,
  ],
  [
    "a port that is none",
    { "fw.txt": filter.replace("21", "70000") },
    /^fw\.txt:3: 70000 is no port/,
    /as it prints them/,
  ],
  [
    "quotes that do not end",
    { "fw.nft": 'table ip f {\n\tchain c {\n\t\tiifname "eth0 accept\n\t}\n}\n' },
    /^fw\.nft:3: a text in quotes does not end/,
    /as it prints them/,
  ],
  [
    "a script whose rule for FTP only a shell knows",
    {
      "fw.sh":
        "#!/bin/sh\nIF=`cat /etc/wan`\niptables -P INPUT DROP\niptables -A INPUT -i $IF -p tcp --dport 21 -j ACCEPT\n",
    },
    /^fw\.sh:4: this rule for FTP depends on \$IF/,
    /Write the value/,
  ],
  [
    "an alias without its anchor",
    { "docker-compose.yml": "services:\n  ftp:\n    <<: *bass\n    image: x\n" },
    /^docker-compose\.yml:3: there is no anchor &bass/,
    /docker compose config/,
  ],
  [
    "aliases that never end",
    {
      "docker-compose.yml": `${["a: &a [x,x,x,x,x,x,x,x,x]", "b", "c", "d", "e", "f", "g", "h"]
        .map((line, at, all) =>
          at === 0
            ? line
            : `${line}: &${line} [${Array(9)
                .fill(`*${all[at - 1]?.[0]}`)
                .join(",")}]`,
        )
        .join("\n")}\nservices:\n  ftp:\n    image: x\n`,
    },
    /^docker-compose\.yml:8: Excessive alias count/,
    /docker compose config/,
  ],
  [
    "a service that another file completes",
    { "docker-compose.yml": "services:\n  ftp:\n    extends:\n      file: base.yml\n      service: ftp\n" },
    /^docker-compose\.yml:4: ftp takes over what base\.yml says/,
    /docker compose config/,
  ],
  [
    "ports that are no list",
    { "docker-compose.yml": "services:\n  ftp:\n    image: x\n    ports: '21:21'\n" },
    /^docker-compose\.yml:4: the ports of ftp are no list/,
    /docker compose config/,
  ],
  [
    "a published port that is none",
    { "docker-compose.yml": "services:\n  ftp:\n    image: x\n    ports: ['21:99999']\n" },
    /^docker-compose\.yml:4: 21:99999 is no port/,
    /docker compose config/,
  ],
  ["ip's JSON", { "addr.json": '[{"ifindex":1,"ifname":"lo"}]' }, /^addr\.json:1: this is ip's JSON/, /without -j/],
  [
    "a proftpd.conf that ends early",
    { "proftpd.conf": "ServerName x\n<IfModule mod_tls.c>\nTLSEngine on\n" },
    /^proftpd\.conf:2: <IfModule> does not end in this file/,
    /whole file/,
  ],
  [
    "a section that ends without having begun",
    { "proftpd.conf": "ServerName x\nTLSEngine on\n</Global>\n" },
    /^proftpd\.conf:3: <\/Global> ends a section that did not begin/,
    /whole file/,
  ],
  [
    "a firewall file of OpenWrt's that ends early",
    { firewall: "config zone\n\toption name 'wan'\n\toption masq '1\n" },
    /^firewall:3: the quotation in this line does not end/,
    /whole file/,
  ],
  [
    "rules of two machines without names",
    { "rules1.txt": filter, "rules2.txt": filter },
    /^Nothing says what rules2 is/,
    /NAME=FILE/,
  ],
  [
    "two routers that nothing connects",
    { "gw.txt": nat("10.0.0.5"), "office.txt": nat("10.9.9.5") },
    /Nothing says how .* are connected/,
    /ip addr/,
  ],
  [
    "addresses that fit two machines alike",
    {
      "gw.txt": nat("10.0.0.5"),
      "web.txt": filter,
      "ipaddr.txt": "2: eth7: <UP> mtu 1500\n    inet 10.77.0.1/24 scope global eth7\n",
    },
    /^Nothing says which machine ipaddr\.txt belongs to\.$/,
    /NAME=FILE/,
  ],
  [
    "100,000 rules",
    { "fw.txt": `*filter\n${tooMany.join("\n")}\nCOMMIT\n` },
    /100000 rules, and import takes at most/,
    /blocked addresses/,
  ],
  [
    "a listing without interfaces",
    { "fw.txt": "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n" },
    /^fw\.txt:2: this listing does not say which interfaces/,
    /iptables-save/,
  ],
  [
    "rules for IPv6 alone",
    { "fw.txt": `# Generated by ip6tables-save v1.8.9\n${filter}` },
    /rules for IPv6 alone/,
    /iptables-save too/,
  ],
  [
    "addresses and nothing else",
    { "ip.txt": "2: eth0: <UP> mtu 1500\n    inet 10.0.0.5/24 scope global eth0\n" },
    /no rules and no configuration/,
    /iptables-save/,
  ],
  [
    "a DNAT to a network that is not there",
    {
      "fw.txt": nat("10.9.9.9"),
      "ip.txt":
        "2: eth0: <UP> mtu 1500\n    inet 203.0.113.5/24 scope global eth0\n3: eth1: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global eth1\n",
    },
    /^fw\.txt:2: connections go to 10\.9\.9\.9, which is in no network/,
    /Correct the address/,
  ],
  [
    "the same network on both sides",
    {
      "fw.txt": nat("192.168.1.9"),
      "ip.txt":
        "2: eth0: <UP> mtu 1500\n    inet 192.168.1.5/24 scope global eth0\n3: br-lan: <UP> mtu 1500\n    inet 192.168.1.1/24 scope global br-lan\n",
    },
    /same network on both sides/,
    /another range/,
  ],
  [
    "a compose file that is no YAML",
    { "docker-compose.yml": "services:\n  ftp:\n    image: [\n" },
    /^docker-compose\.yml:\d: /,
    /docker compose config/,
  ],
  [
    "configurations of two servers",
    { "vsftpd.conf": "listen=YES\nanonymous_enable=NO\n", "proftpd.conf": "ServerName x\nPassivePorts 1 2\n" },
    /configurations of proftpd and vsftpd/,
    /NAME=FILE/,
  ],
  ["a folder's name that is no id", {}, /is not a valid id/, /my-network/],
];

describe("what import cannot use", () => {
  it.each(wrong)("is told with its place and a remedy: %s", (title, texts, message, hint) => {
    const options = title.startsWith("a folder's name") ? { id: "My Net; rm -rf" } : {};
    const told = ((): unknown => {
      try {
        return importTexts(texts, options);
      } catch (error) {
        return error;
      }
    })();
    expect(told).toBeInstanceOf(UsageError);
    const { message: said, hint: remedy } = told as UsageError;
    expect(said).toMatch(message);
    expect(remedy).toMatch(hint);
  });

  it("never takes a command of a script for more than text", () => {
    const script =
      "#!/bin/sh\nIF=`touch /tmp/owned`\niptables -A INPUT -i $(id) -p tcp --dport 21 -j ACCEPT\niptables -A INPUT -i $IF -j DROP; reboot\niptables -A INPUT -p tcp --dport 21 -j ACCEPT\n";
    const { files, leftOut } = importTexts({ "fw.sh": script });
    const rules = files.find(({ path }) => path.startsWith("rules/"))?.text ?? "";
    expect(rules).not.toMatch(/touch|id\)|reboot/);
    expect(leftOut.map(({ from }) => from.line)).toEqual([3, 4]);
  });

  it("keeps names of users' files out of YAML's structure and of the terminal", () => {
    const compose = 'services:\n  "ftp\\n    role: router\\u001b[2J":\n    image: x/vsftpd\n    ports: ["21:21"]\n';
    const { files, draft } = importTexts({ "docker-compose.yml": compose });
    const network = files.find(({ path }) => path === "network.yaml")?.text ?? "";
    expect(network).not.toContain("\u001b");
    expect(JSON.stringify(draft.inferences)).not.toContain("\\n    role");
  });
});
