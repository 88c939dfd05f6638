import type { Piece } from "../../../../harness/import/pieces/piece";
import { firewalldRules } from "../../../../harness/import/read/firewalld";

function pieceOf(text: string): Piece {
  return { kind: "firewalld", lines: text.split("\n"), from: { file: "zones.txt", line: 1 }, host: null, path: null };
}

function zone(name: string, told: Readonly<Record<string, string>>, rich: readonly string[] = []): string {
  const keys = { target: "default", interfaces: "", sources: "", services: "", ports: "", masquerade: "no", ...told };
  const lines = Object.entries(keys).map(([key, value]) => `  ${key}: ${value}`.trimEnd());
  return [name, ...lines, "  rich rules: ", ...rich.map((rule) => `\t${rule}`)].join("\n");
}

/** The rules of a chain, without its name. */
function rulesOf(texts: readonly [string, ...string[]], chain = "INPUT"): readonly string[] {
  const [first, ...others] = texts;
  const { piece } = firewalldRules([pieceOf(first), ...others.map(pieceOf)]);
  return piece.lines.filter((line) => line.startsWith(`-A ${chain} `)).map((line) => line.slice(chain.length + 4));
}

const dmz = zone("dmz (active)", { interfaces: "eth1", services: "ftp" });
const office = zone("work (active)", { sources: "192.0.2.0/28", ports: "50000-50100/tcp", target: "DROP" });
const unused = zone("home", { services: "ssh" });

test("several zones of one machine are one set of rules: sources first, then interfaces, and the rest is rejected", () => {
  const expected = [
    "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-m conntrack --ctstate DNAT -j ACCEPT",
    "-i lo -j ACCEPT",
    "-s 192.0.2.0/28 -p tcp --dport 50000:50100 -j ACCEPT",
    "-s 192.0.2.0/28 -p icmp -j ACCEPT",
    "-s 192.0.2.0/28 -j DROP",
    "-i eth1 -p tcp -m multiport --dports 21 -j ACCEPT",
    "-i eth1 -p icmp -j ACCEPT",
    "-i eth1 -j REJECT --reject-with icmp-admin-prohibited",
    "-j REJECT --reject-with icmp-admin-prohibited",
  ];
  expect(rulesOf([dmz, office, unused])).toEqual(expected);
  // `--list-all-zones` has them in one text.
  expect(rulesOf([[dmz, unused, office].join("\n\n")])).toEqual(expected);
});

test("the helper follows only what comes into a zone with the service", () => {
  expect(rulesOf([dmz, office], "PREROUTING")).toEqual(["-i eth1 -p tcp -m tcp --dport 21 -j CT --helper ftp"]);
});

test("a zone alone takes all that comes", () => {
  expect(rulesOf([zone("public", { interfaces: "eth0", ports: "21/tcp" })]).slice(3)).toEqual([
    "-p tcp --dport 21 -j ACCEPT",
    "-p icmp -j ACCEPT",
    "-j REJECT --reject-with icmp-admin-prohibited",
  ]);
});

test("rich rules forbid before the zone allows, and allow behind it", () => {
  const rich = [
    'rule family="ipv4" source address="203.0.113.0/24" port port="60000-60100" protocol="tcp" accept',
    'rule family="ipv4" source address="198.51.100.9" drop',
    'rule family="ipv4" source address="203.0.113.7" service name="ftp" accept',
  ];
  const text = zone("public", { interfaces: "eth0", ports: "21/tcp" }, rich);
  expect(rulesOf([text]).slice(3, 7)).toEqual([
    "-s 198.51.100.9 -j DROP",
    "-p tcp --dport 21 -j ACCEPT",
    "-s 203.0.113.0/24 -p tcp -m multiport --dports 60000:60100 -j ACCEPT",
    "-s 203.0.113.7 -p tcp -m multiport --dports 21 -j ACCEPT",
  ]);
  expect(rulesOf([text], "PREROUTING")).toEqual(["-s 203.0.113.7 -p tcp -m tcp --dport 21 -j CT --helper ftp"]);
});

test("a rich rule that says something else is left out, and may decide", () => {
  const rich = ['rule priority="-1" family="ipv4" source NOT address="192.0.2.1" log accept'];
  const { leftOut } = firewalldRules([pieceOf(zone("public", { interfaces: "eth0" }, rich))]);
  expect(leftOut).toEqual([expect.objectContaining({ what: "a rich rule", decides: true })]);
});
