import { linesOf } from "./lines";
import { markedPlace, marksTable, sendsOff } from "./trace-marks";

/**
 * `nft monitor trace` in the words of `xtables-monitor --trace`, which `parseTrace` reads and administrators know. The latter
 * program tells rules as iptables does, but gives up for good when a burst overruns its socket; nft takes 16 MB and goes on.
 *
 * Where the node is traced from end to end, `BEGIN:` lines say that a packet comes in or is made, and `MARK:` lines which hooks it
 * came into and out of.
 *
 * @param ruleset `nft -a list ruleset`: rule handles, chain by chain
 * @param saved `iptables-save` or `ip6tables-save`: the same rules in the same order, as they were written
 * @param isWhole whether no event is missing; else no packet's end can be told, and there are no `MARK:` lines
 */
export function toXtablesTrace(trace: string, ruleset: string, saved: string, isWhole = true): string {
  const written = ruleTexts(ruleset, saved);
  const native = nativeChains(ruleset);
  const isSentOff = sendsOff(ruleset);
  /** By trace id: where a packet is while it goes through chains that depend on no hook. */
  const last = new Map<string, ChainPlace>();
  return [...linesOf(trace)]
    .flatMap((line) => {
      const [, id, family, table, chain, rest] =
        /^trace id ([0-9a-f]+) (ip6?|inet|netdev) (\S+) (\S+) (.*)$/s.exec(line.trimEnd()) ?? [];
      if (id === undefined || family === undefined || table === undefined || chain === undefined) return [];
      const isPacket = rest?.startsWith("packet: ") === true;
      if (table === marksTable) {
        const place = isPacket ? markedPlace(chain, oifOf(rest), isSentOff) : null;
        if (place === null) return [];
        const marks = isWhole ? [` MARK: ${id} ${place}`] : [];
        if (place !== "enter prerouting" && place !== "enter output") return marks;
        return [`BEGIN: ${id}`, `PACKET: ${versionOf(family)} ${id} ${packetWords(rest ?? "", family)}`, ...marks];
      }
      if (family === "netdev" || (table === ownTableName && !isPacket)) return [];
      const base = native.get(`${table} ${chain}`);
      const place = base ?? (iptablesTables.has(table) ? { table, chain } : (last.get(id) ?? { table, chain }));
      if (base !== undefined) last.set(id, base);
      const version = family === "inet" ? ((rest ?? "").includes(" ip6 saddr ") ? "ip6" : "ip") : family;
      // A chain of nft's own counts its rules by itself: its handles are none of iptables'.
      const isIptables = base === undefined && family !== "inet" && iptablesTables.has(table);
      return [translate(rest ?? "", { id, family: version, ...place, written: isIptables ? written : none })];
    })
    .join("\n");
}

/** The harness's own table (`plan/native-rules.ts`): it decides nothing. */
const ownTableName = "ftp_nat_matrix";

const none: ReadonlyMap<string, string> = new Map();

type ChainPlace = { readonly table: string; readonly chain: string };

const iptablesTables: ReadonlySet<string> = new Set(["raw", "mangle", "nat", "filter", "security"]);

/** Chains that iptables would not name so, in its words: `firewall in` → `filter INPUT`, by the hook that each depends on. */
function nativeChains(ruleset: string): ReadonlyMap<string, ChainPlace> {
  const chains = new Map<string, ChainPlace>();
  let table = "";
  let chain = "";
  for (const line of linesOf(ruleset)) {
    table = /^table \S+ (\S+) \{/.exec(line)?.[1] ?? table;
    chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? chain;
    const [, type, hook = "", priority = ""] =
      /^\t\ttype (\S+) hook (\S+) (?:device \S+ )?priority ([^;]+);/.exec(line) ?? [];
    if (type === undefined) continue;
    const name = hook.toUpperCase();
    if (iptablesTables.has(table) && chain === name) continue;
    chains.set(`${table} ${chain}`, { table: tableLike(type, name, priority), chain: name });
  }
  return chains;
}

/** Where iptables does such things: before conntrack in raw, at the ends of the way in filter. */
function tableLike(type: string, hook: string, priority: string): string {
  if (type === "nat") return "nat";
  if (["INPUT", "FORWARD", "OUTPUT"].includes(hook)) return /^(mangle|-150)/.test(priority) ? "mangle" : "filter";
  return /^(raw|-[3-9]\d\d)/.test(priority) ? "raw" : "mangle";
}

type Place = {
  readonly id: string;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly written: ReadonlyMap<string, string>;
};

function translate(rest: string, { id, family, table, chain, written }: Place): string {
  const version = versionOf(family);
  if (rest.startsWith("packet: ")) return `PACKET: ${version} ${id} ${packetWords(rest, family)}`;
  const [, policy] = /^policy (\w+)/.exec(rest) ?? [];
  if (policy !== undefined) return ` TRACE: ${version} ${id} ${table}:${chain}:policy:${policy.toUpperCase()} `;
  const [, text, told, untold, verdict] =
    /^(?:rule (.*?)(?: # handle (\d+))?|unknown rule handle (\d+)) \(verdict (\w+)[^)]*\)$/s.exec(rest) ?? [];
  // Of a rule that came while it listened, nft may know the handle alone (its trace.c).
  const handle = told ?? untold;
  const command = family === "ip6" ? "ip6tables" : "iptables";
  const known = written.get(`${table} ${chain} ${handle ?? ""}`);
  const rule = known === undefined ? (text ?? rest) : `${command} -t ${table} ${known}`;
  return ` TRACE: ${version} ${id} ${table}:${chain}:rule:0x${Number(handle ?? 0).toString(16)}:${(verdict ?? "continue").toUpperCase()}  ${rule}`;
}

/** Address families as the kernel numbers them. */
function versionOf(family: string): string {
  return family === "ip6" ? "10" : "2";
}

function oifOf(rest: string): string {
  return / oif "([^"]*)"/.exec(rest)?.[1] ?? "";
}

function packetWords(rest: string, family: string): string {
  const field = (pattern: RegExp): string => pattern.exec(rest)?.[1] ?? "";
  const flags = flagWords(field(/ tcp flags == (.*?) tcp window/));
  const out = oifOf(rest);
  const ttl = field(/ (?:ip ttl|ip6 hoplimit) (\d+)/);
  return [
    `IN=${field(/ iif "([^"]*)"/)}`,
    ...(out === "" ? [] : [`OUT=${out}`]),
    `SRC=${field(new RegExp(` ${family} saddr (\\S+)`))}`,
    `DST=${field(new RegExp(` ${family} daddr (\\S+)`))}`,
    ...lengthWords(rest),
    ...(ttl === "" ? [] : [`TTL=${ttl}`]),
    `SPORT=${field(/ tcp sport (\d+)/)}`,
    `DPORT=${field(/ tcp dport (\d+)/)}`,
    flags,
  ].join(" ");
}

/** Bytes of the whole packet; IPv6 counts its own header apart (RFC 8200 section 3). */
function lengthWords(rest: string): readonly string[] {
  const [, family, length] = / (ip6?) length (\d+)/.exec(rest) ?? [];
  if (length === undefined) return [];
  return [`LEN=${family === "ip6" ? Number(length) + ipv6HeaderBytes : length}`];
}

const ipv6HeaderBytes = 40;

/** By bit, from the lowest (RFC 9293 section 3.1). */
const flagNames = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];

/** nft has words for single flags and for SYN with ACK, and numbers for other mixtures. */
function flagWords(flags: string): string {
  if (!/^0x[0-9a-f]{1,2}$/i.test(flags))
    return flags.replace(/[()|]/g, " ").split(/\s+/).filter(Boolean).join(" ").toUpperCase();
  const bits = Number(flags);
  return flagNames.filter((_, bit) => (bits >> bit) % 2 === 1).join(" ");
}

/** `table chain handle` → the rule as iptables writes it: both lists name the rules of a chain in the same order. */
function ruleTexts(ruleset: string, saved: string): ReadonlyMap<string, string> {
  const rules = new Map<string, string[]>();
  let table = "";
  for (const line of linesOf(saved)) {
    if (line.startsWith("*")) table = line.slice(1).trim();
    const [, rule, chain] = /^(?:\[\d+:\d+\] )?(-A (\S+).*)$/s.exec(line) ?? [];
    if (rule === undefined || chain === undefined) continue;
    const key = `${table} ${chain}`;
    rules.set(key, [...(rules.get(key) ?? []), rule]);
  }
  const texts = new Map<string, string>();
  const seen = new Map<string, number>();
  let place = "";
  for (const line of linesOf(ruleset)) {
    const [, family, tableName = ""] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    // iptables' own tables are of its family alone.
    if (family !== undefined) table = family === "inet" ? "" : tableName;
    const [, chain] = /^\tchain (\S+) \{/.exec(line) ?? [];
    if (chain !== undefined) place = `${table} ${chain}`;
    const [, handle] = /^\t\t(?!type ).* # handle (\d+)$/s.exec(line) ?? [];
    if (handle === undefined) continue;
    const index = seen.get(place) ?? 0;
    seen.set(place, index + 1);
    const rule = rules.get(place)?.[index];
    if (rule !== undefined) texts.set(`${place} ${handle}`, rule);
  }
  return texts;
}
