/** `firewall-cmd --list-all` → rules: a summary of a zone, as firewalld's nftables backend writes it. */
import { madeBy } from "../../advise/kept/made-by";
import { originAt, type Piece } from "../pieces/piece";
import { addLeftOut, type LeftOut } from "../place";
import { RulesBuilder } from "./build-rules";
import type { ScriptRules } from "./script";

/** TCP ports of services that stand beside FTP on servers (firewalld's config/services). */
const services: Readonly<Record<string, string>> = {
  ssh: "22",
  http: "80",
  https: "443",
  ftp: "21",
  ftps: "990",
  smtp: "25",
  smtps: "465",
  imap: "143",
  imaps: "993",
  mysql: "3306",
  cockpit: "9090",
  dns: "53",
  samba: "139,445",
};

/** Zones one after another; the active one counts, or the only one. */
export function firewalldRules(piece: Piece): ScriptRules {
  const builder = new RulesBuilder();
  const leftOut: LeftOut[] = [];
  const from = piece.from;
  const of = (key: string): { readonly words: readonly string[]; readonly from: Piece["from"] } => {
    const at = piece.lines.findIndex((line) => line.trim().startsWith(`${key}:`));
    const words = (piece.lines[at] ?? "")
      .replace(/^[^:]*:/, "")
      .trim()
      .split(/\s+/);
    return { words: words.filter((word) => word !== ""), from: originAt(piece, Math.max(0, at)) };
  };
  const target = of("target").words[0] ?? "default";
  for (const chain of ["INPUT", "FORWARD"]) {
    builder.add("filter", chain, "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT".split(" "), from);
    builder.add("filter", chain, "-m conntrack --ctstate DNAT -j ACCEPT".split(" "), from);
  }
  builder.add("filter", "INPUT", ["-i", "lo", "-j", "ACCEPT"], from);
  const named = of("services");
  for (const service of named.words) {
    const ports = services[service];
    if (ports !== undefined)
      builder.add("filter", "INPUT", ["-p", "tcp", "-m", "multiport", "--dports", ports, "-j", "ACCEPT"], named.from);
    // The service file names the helper (config/services/ftp.xml).
    if (service === "ftp")
      builder.add("raw", "PREROUTING", "-p tcp -m tcp --dport 21 -j CT --helper ftp".split(" "), named.from);
    if (ports === undefined)
      addLeftOut(leftOut, {
        what: `the service ${service}`,
        why: "import does not know its ports",
        from: named.from,
        decides: false,
      });
  }
  const opened = of("ports");
  for (const port of opened.words) {
    const [, range = "", protocol] = /^([\d-]+)\/(\w+)$/.exec(port) ?? [];
    if (protocol === "tcp")
      builder.add("filter", "INPUT", ["-p", "tcp", "--dport", range.replace("-", ":"), "-j", "ACCEPT"], opened.from);
  }
  const forwards = piece.lines.flatMap((line, index) => {
    const [, port, to, address] = /port=([\d-]+):proto=tcp:toport=([\d-]*):toaddr=([\d.]+)/.exec(line) ?? [];
    return port === undefined || address === undefined ? [] : [{ port, to, address, from: originAt(piece, index) }];
  });
  for (const { port, to, address, from: place } of forwards) {
    const destination = to === undefined || to === "" ? address : `${address}:${to}`;
    builder.add(
      "nat",
      "PREROUTING",
      ["-p", "tcp", "--dport", port.replace("-", ":"), "-j", "DNAT", "--to-destination", destination],
      place,
    );
  }
  const masquerade = of("masquerade");
  const outside = of("interfaces").words[0];
  if (masquerade.words[0] === "yes" && outside !== undefined)
    builder.add("nat", "POSTROUTING", ["-o", outside, "-j", "MASQUERADE"], masquerade.from);
  for (const [index, line] of piece.lines.entries()) {
    if (/^\s*rule\b/.test(line))
      addLeftOut(leftOut, {
        what: "a rich rule",
        why: "give the output of `nft list ruleset`",
        from: originAt(piece, index),
        decides: true,
      });
  }
  builder.add("filter", "INPUT", ["-p", "icmp", "-j", "ACCEPT"], from);
  const end =
    target === "ACCEPT"
      ? ["-j", "ACCEPT"]
      : target === "DROP"
        ? ["-j", "DROP"]
        : ["-j", "REJECT", "--reject-with", "icmp-admin-prohibited"];
  for (const chain of ["INPUT", "FORWARD"]) builder.add("filter", chain, end, from);
  const zone = /^([\w-]+)(?: \(.*\))?$/.exec(piece.lines.find((line) => line.trim() !== "") ?? "")?.[1];
  const zones = new Map(zone === undefined ? [] : [[zone, of("interfaces").words]]);
  return { piece: builder.toPiece(piece, madeBy("firewalld", zones)), leftOut };
}
