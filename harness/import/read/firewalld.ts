/** `firewall-cmd --list-all`, of one zone or several → rules, as firewalld's nftables backend writes them. */
import { madeBy } from "../../diagnose/advise/kept/made-by";
import { originAt, type Piece } from "../pieces/piece";
import { addLeftOut, type LeftOut, type Origin } from "../place";
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

type Zone = {
  readonly name: string | null;
  readonly lines: readonly { readonly text: string; readonly from: Origin }[];
};

type Told = { readonly words: readonly string[]; readonly from: Origin };

/** What picks a zone's packets out: its sources before its interfaces (firewalld.zones(5)); nothing where it is the only zone. */
type Way = readonly string[];

/** Zones of one machine. Of several, those count that have interfaces or sources; what none of them takes is rejected. */
export function firewalldRules(pieces: readonly [Piece, ...Piece[]]): ScriptRules {
  const builder = new RulesBuilder();
  const leftOut: LeftOut[] = [];
  const [first] = pieces;
  const all = pieces.flatMap(zonesIn);
  const active = all.filter((zone) => [...told(zone, "interfaces").words, ...told(zone, "sources").words].length > 0);
  const zones = all.length > 1 && active.length > 0 ? active : all.slice(0, 1);
  for (const chain of ["INPUT", "FORWARD"]) {
    builder.add("filter", chain, "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT".split(" "), first.from);
    builder.add("filter", chain, "-m conntrack --ctstate DNAT -j ACCEPT".split(" "), first.from);
  }
  builder.add("filter", "INPUT", ["-i", "lo", "-j", "ACCEPT"], first.from);
  const isOnly = zones.length === 1;
  for (const key of ["sources", "interfaces"] as const) {
    const option = key === "sources" ? "-s" : "-i";
    for (const zone of zones) {
      const ways: readonly Way[] = isOnly
        ? key === "interfaces"
          ? [[]]
          : []
        : told(zone, key).words.map((word) => [option, word]);
      for (const way of ways) addZone(builder, zone, way, leftOut);
    }
  }
  if (!isOnly) for (const chain of ["INPUT", "FORWARD"]) builder.add("filter", chain, rejecting, first.from);
  const links = new Map(
    zones.flatMap((zone) => (zone.name === null ? [] : [[zone.name, told(zone, "interfaces").words] as const])),
  );
  return { piece: builder.toPiece(first, madeBy("firewalld", links)), leftOut };
}

/** Each begins with its name in a line of its own, before what is indented. */
function zonesIn(piece: Piece): readonly Zone[] {
  const lines = piece.lines.map((text, index) => ({ text, from: originAt(piece, index) }));
  const starts = lines.flatMap(({ text }, index) =>
    /^\S/.test(text) && /^\s+target:/.test(lines[index + 1]?.text ?? "") ? [index] : [],
  );
  const from = starts.length === 0 ? [0] : starts;
  return from.map((start, count) => ({
    name: /^([\w-]+)(?: \(.*\))?$/.exec(lines[start]?.text.trim() ?? "")?.[1] ?? null,
    lines: lines.slice(start, from[count + 1]),
  }));
}

/** What stands behind a key, and where. */
function told({ lines }: Zone, key: string): Told {
  const line = lines.find(({ text }) => text.trim().startsWith(`${key}:`)) ?? lines[0];
  const words =
    line?.text.includes(`${key}:`) === true
      ? line.text
          .replace(/^[^:]*:/, "")
          .trim()
          .split(/\s+/)
      : [];
  return { words: words.filter((word) => word !== ""), from: line?.from ?? { file: "", line: 1 } };
}

const rejecting = ["-j", "REJECT", "--reject-with", "icmp-admin-prohibited"];

/** A zone's rules, in the order in which firewalld asks: what it forbids, what it allows, and its target. */
function addZone(builder: RulesBuilder, zone: Zone, way: Way, leftOut: LeftOut[]): void {
  const rich = zone.lines.filter(({ text }) => /^\s*rule\b/.test(text));
  const read = rich.map((line) => ({ ...line, rule: richRule(line.text) }));
  for (const { rule, from } of read) if (rule !== null && rule.verdict !== "ACCEPT") addRich(builder, rule, way, from);
  const named = told(zone, "services");
  for (const service of named.words) {
    const ports = services[service];
    if (ports !== undefined)
      addAccepted(builder, [...way, "-p", "tcp", "-m", "multiport", "--dports", ports], named.from);
    // The service file names the helper (config/services/ftp.xml).
    if (service === "ftp") attachHelper(builder, way, named.from);
    if (ports === undefined)
      addLeftOut(leftOut, {
        what: `the service ${service}`,
        why: "import does not know its ports",
        from: named.from,
        decides: false,
      });
  }
  const opened = told(zone, "ports");
  for (const port of opened.words) {
    const [, range = "", protocol] = /^([\d-]+)\/(\w+)$/.exec(port) ?? [];
    if (protocol === "tcp")
      addAccepted(builder, [...way, "-p", "tcp", "--dport", range.replace("-", ":")], opened.from);
  }
  for (const { rule, from } of read) if (rule?.verdict === "ACCEPT") addRich(builder, rule, way, from);
  for (const { rule, from } of read)
    if (rule === null)
      addLeftOut(leftOut, { what: "a rich rule", why: "give the output of `nft list ruleset`", from, decides: true });
  for (const { text, from } of zone.lines) {
    const [, port, to, address] = /port=([\d-]+):proto=tcp:toport=([\d-]*):toaddr=([\d.]+)/.exec(text) ?? [];
    if (port === undefined || address === undefined) continue;
    const destination = to === undefined || to === "" ? address : `${address}:${to}`;
    const words = [
      ...way,
      "-p",
      "tcp",
      "--dport",
      port.replace("-", ":"),
      "-j",
      "DNAT",
      "--to-destination",
      destination,
    ];
    builder.add("nat", "PREROUTING", words, from);
  }
  const masquerade = told(zone, "masquerade");
  const [outside] = told(zone, "interfaces").words;
  const isLast = way[0] !== "-s" && (way.length === 0 || way[1] === outside);
  if (masquerade.words[0] === "yes" && outside !== undefined && isLast)
    builder.add("nat", "POSTROUTING", ["-o", outside, "-j", "MASQUERADE"], masquerade.from);
  const target = told(zone, "target");
  builder.add("filter", "INPUT", [...way, "-p", "icmp", "-j", "ACCEPT"], target.from);
  const end = target.words[0] === "ACCEPT" || target.words[0] === "DROP" ? ["-j", target.words[0]] : rejecting;
  for (const chain of ["INPUT", "FORWARD"]) builder.add("filter", chain, [...way, ...end], target.from);
}

function addAccepted(builder: RulesBuilder, words: readonly string[], from: Origin): void {
  builder.add("filter", "INPUT", [...words, "-j", "ACCEPT"], from);
}

function attachHelper(builder: RulesBuilder, way: Way, from: Origin): void {
  builder.add("raw", "PREROUTING", [...way, ..."-p tcp -m tcp --dport 21 -j CT --helper ftp".split(" ")], from);
}

type RichRule = {
  readonly source: string | null;
  /** TCP ports as iptables writes them; `null` for any. */
  readonly ports: string | null;
  readonly isFtp: boolean;
  readonly verdict: "ACCEPT" | "DROP" | "REJECT";
};

/** firewalld.richlanguage(5): a source with ports, with a service, or with all, and a verdict. */
const richForm =
  /^\s*rule(?: family="?ipv4"?)?(?: source address="?([\d./]+)"?)?(?: port port="?([\d-]+)"? protocol="?tcp"?| service name="?([\w-]+)"?)? (accept|drop|reject)\s*$/;

/** `null` where it says something else too. */
function richRule(text: string): RichRule | null {
  const [, source = null, range, service, verdict] = richForm.exec(text) ?? [];
  const ports = range?.replace("-", ":") ?? (service === undefined ? null : services[service]);
  if (verdict === undefined || ports === undefined) return null;
  const verdicts: Readonly<Record<string, RichRule["verdict"]>> = { accept: "ACCEPT", drop: "DROP", reject: "REJECT" };
  const decision = verdicts[verdict];
  return decision === undefined ? null : { source, ports, isFtp: service === "ftp", verdict: decision };
}

function addRich(builder: RulesBuilder, { source, ports, isFtp, verdict }: RichRule, way: Way, from: Origin): void {
  // A packet has one source: what the zone asks for is asked again by the rule's own.
  const whose = source === null ? way : [...(way[0] === "-s" ? [] : way), "-s", source];
  const which = ports === null ? [] : ["-p", "tcp", "-m", "multiport", "--dports", ports];
  builder.add("filter", "INPUT", [...whose, ...which, "-j", verdict], from);
  if (isFtp && verdict === "ACCEPT") attachHelper(builder, whose, from);
}
