import { helperLines, type HelperLine, type RouterNode, type Topology } from "../model/topology";
import { attachmentsOf, familyOf } from "../model/network";

/** The tables that are the harness's own; iptables' programs see nothing of them. */
export const nativeTable = "ftp_nat_matrix";

/**
 * What a router does by nftables itself, as one atomic `nft -f`; `null` if that is nothing. It takes the place of what an earlier one left.
 */
export function renderNativeRules(topology: Topology, router: RouterNode): string | null {
  const { helperBy, helperKnows } = router.make;
  const hidden = helperLines.filter((line) => !helperKnows.includes(line));
  if (helperBy === "iptables" && hidden.length === 0) return null;
  const family = familyOf(topology, router.id) === "ipv6" ? "ip6" : "ip";
  const ports = router.helperPorts.map(String).join(", ");
  const attached = helperBy === "nftables" && ports !== "" ? attach(family, ports) : [];
  const hides = ports === "" ? [] : hidden;
  const links = attachmentsOf(topology, router.id).map((attachment) => attachment.interface);
  return [
    ...replaced(family, [...attached, ...(hides.length === 0 ? [] : hide(ports, hides))]),
    ...replaced("netdev", hides.length === 0 ? [] : links.flatMap((link, index) => show(link, index, ports, hides))),
    "",
  ].join("\n");
}

function replaced(family: string, body: readonly string[]): string[] {
  const name = `table ${family} ${nativeTable}`;
  return [name, `delete ${name}`, ...(body.length === 0 ? [] : [`${name} {`, ...body, "}"])];
}

/**
 * After conntrack (-200), which has to know the connection, and before NAT (-100), which gives it room to adjust sequence numbers
 * only where a helper is there already (nf_nat_core.c).
 */
function attach(family: "ip" | "ip6", ports: string): string[] {
  return [
    "  ct helper ftp-control {",
    `    type "ftp" protocol tcp; l3proto ${family}`,
    "  }",
    "  chain attach {",
    "    type filter hook prerouting priority -150",
    `    tcp dport { ${ports} } ct helper set "ftp-control"`,
    "  }",
  ];
}

/** What no line of FTP begins with, and no TLS record. */
const mark = 0x01;

/**
 * * The kernel's helper knows every line and no setting changes that, so what it must not know is made illegible when it comes in, and
 * legible again when it leaves (egress), which is after the helper has looked. Length and place of the line stay as they are.
 */
function hide(ports: string, lines: readonly HelperLine[]): string[] {
  return [
    "  chain hide {",
    "    type filter hook prerouting priority -250",
    ...lines.map((line) => `    ${from(line, ports)} @ih,0,32 ${word(line)} @ih,0,32 set ${marked(line)}`),
    "  }",
  ];
}

function show(link: string, index: number, ports: string, lines: readonly HelperLine[]): string[] {
  return [
    `  chain show_${index} {`,
    `    type filter hook egress device "${link}" priority 0`,
    ...lines.map((line) => `    ${from(line, ports)} @ih,0,32 ${marked(line)} @ih,0,32 set ${word(line)}`),
    "  }",
  ];
}

/** Replies come from the control port, commands go there. */
function from(line: HelperLine, ports: string): string {
  return `tcp ${line === "227" || line === "229" ? "sport" : "dport"} { ${ports} }`;
}

/** The first four characters of a line that begins so: `229 `, `PORT`. */
function word(line: HelperLine): string {
  return hexOf(bytesOf(line));
}

function marked(line: HelperLine): string {
  const [, ...rest] = bytesOf(line);
  return hexOf([mark, ...rest]);
}

function bytesOf(line: HelperLine): readonly number[] {
  return Array.from(line.padEnd(4), (character) => character.charCodeAt(0));
}

function hexOf(bytes: readonly number[]): string {
  return `0x${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
