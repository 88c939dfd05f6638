/** ufw → rules: its files in /etc/ufw, which lack the chains that it hangs them on, or `ufw status verbose`, which is a summary. */
import { madeBy } from "../../diagnose/advise/kept/made-by";
import { findLine, originAt, type Piece } from "../pieces/piece";
import { addLeftOut, type LeftOut } from "../place";
import { RulesBuilder } from "./build-rules";
import type { ScriptRules } from "./script";

const hooks = ["before-logging", "before", "after", "after-logging", "reject", "track"] as const;

/** Whether rules are ufw's own files, in which nothing depends on INPUT yet. */
export function isUfwFile({ lines }: Piece): boolean {
  const text = lines.join("\n");
  return /^:ufw-(before|after|user)-input\b/m.test(text) && !/^(?:\[\d+:\d+\] )?-A INPUT\b/m.test(text);
}

export type UfwPolicies = { readonly input: string; readonly forward: string };

/** The policies of /etc/default/ufw; where it is not given, those that ufw brings along. */
export function ufwPolicies(defaults: Piece | undefined): UfwPolicies {
  const of = (chain: string): string => {
    const pattern = new RegExp(`^DEFAULT_${chain}_POLICY="?(ACCEPT|DROP|REJECT)`);
    const found = defaults === undefined ? null : findLine(defaults, pattern);
    return found?.groups[1] === "ACCEPT" ? "ACCEPT" : "DROP";
  };
  return { input: of("INPUT"), forward: of("FORWARD") };
}

/**
 * before.rules, user.rules and after.rules as one; the chains between are those that `ufw-init` makes (src/ufw-init-functions), the
 * policies those of /etc/default/ufw where nobody changed them.
 */
export function joinUfwFiles(pieces: readonly Piece[], policies: UfwPolicies): Piece {
  const [first] = pieces;
  if (first === undefined) throw new Error("no file of ufw");
  const tables = new Map<
    string,
    { readonly chains: Set<string>; readonly rules: { readonly line: string; readonly from: Piece["from"] }[] }
  >();
  const tableOf = (name: string): NonNullable<ReturnType<typeof tables.get>> => {
    const known = tables.get(name) ?? { chains: new Set<string>(), rules: [] };
    tables.set(name, known);
    return known;
  };
  for (const piece of pieces) {
    let table = "filter";
    for (const [index, line] of piece.lines.entries()) {
      table = /^\*(\S+)/.exec(line)?.[1] ?? table;
      const chain = /^:(\S+)/.exec(line)?.[1];
      if (chain !== undefined) tableOf(table).chains.add(chain);
      if (line.startsWith("-A")) tableOf(table).rules.push({ line: line.trim(), from: originAt(piece, index) });
    }
  }
  const filter = tableOf("filter");
  const lines: string[] = [];
  const origins: Piece["from"][] = [];
  const put = (line: string, from = first.from): void => {
    lines.push(line);
    origins.push(from);
  };
  for (const [name, { chains, rules }] of tables) {
    put(`*${name}`);
    if (name === "filter") {
      put(`:INPUT ${policies.input} [0:0]`);
      put(`:FORWARD ${policies.forward} [0:0]`);
      put(":OUTPUT ACCEPT [0:0]");
      for (const side of ["input", "forward", "output"]) for (const hook of hooks) chains.add(`ufw-${hook}-${side}`);
      for (const side of ["input", "output"]) chains.add(`ufw-user-${side}`);
      chains.add("ufw-skip-to-policy-input");
      chains.add("ufw-logging-deny").add("ufw-logging-allow").add("ufw-not-local").add("ufw-user-forward");
    }
    for (const chain of chains)
      if (!["INPUT", "FORWARD", "OUTPUT"].includes(chain) || name !== "filter")
        put(`:${chain} ${/^[A-Z]+$/.test(chain) ? "ACCEPT" : "-"} [0:0]`);
    if (name === "filter") {
      for (const side of ["INPUT", "FORWARD", "OUTPUT"])
        for (const hook of hooks) put(`-A ${side} -j ufw-${hook}-${side.toLowerCase()}`);
      put("-A ufw-track-output -p tcp -m conntrack --ctstate NEW -j ACCEPT");
      put(`-A ufw-skip-to-policy-input -j ${policies.input}`);
    }
    for (const { line, from } of rules) put(line, from);
    if (name === "filter") {
      for (const side of ["input", "forward", "output"]) {
        if (!rules.some(({ line }) => line.includes(`-j ufw-user-${side}`)))
          put(`-A ufw-before-${side} -j ufw-user-${side}`);
      }
    }
    put("COMMIT");
  }
  filter.chains.clear();
  return { ...first, kind: "iptables-save", lines, origins };
}

const verdicts: Readonly<Record<string, readonly string[]>> = {
  allow: ["ACCEPT"],
  limit: ["ACCEPT"],
  deny: ["DROP"],
  reject: ["REJECT"],
};

/** `ufw status [verbose] [numbered]`. What ufw lets pass beside its rules is as in its before.rules. */
export function ufwStatusRules(piece: Piece): ScriptRules {
  const builder = new RulesBuilder();
  const leftOut: LeftOut[] = [];
  const text = piece.lines.join("\n");
  if (/^Status: inactive/m.test(text)) return { piece: { ...piece, kind: "iptables-save", lines: [] }, leftOut };
  const byDefault = (side: string, otherwise: string): string =>
    verdicts[new RegExp(`(\\w+) \\(${side}\\)`).exec(text)?.[1] ?? ""]?.[0] ?? otherwise;
  const from = piece.from;
  const policy = (chain: string, word: string): void => {
    builder.setPolicy("filter", chain, word === "ACCEPT" ? "ACCEPT" : "DROP", from);
  };
  policy("INPUT", byDefault("incoming", "DROP"));
  policy("FORWARD", byDefault("routed", "DROP"));
  policy("OUTPUT", byDefault("outgoing", "ACCEPT"));
  for (const [chain, side] of [
    ["INPUT", "-i"],
    ["OUTPUT", "-o"],
  ] as const) {
    builder.add("filter", chain, [side, "lo", "-j", "ACCEPT"], from);
    builder.add("filter", chain, "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT".split(" "), from);
  }
  builder.add("filter", "FORWARD", "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT".split(" "), from);
  builder.add("filter", "INPUT", "-m conntrack --ctstate INVALID -j DROP".split(" "), from);
  builder.add("filter", "INPUT", "-p icmp -j ACCEPT".split(" "), from);
  for (const [index, line] of piece.lines.entries()) {
    const place = originAt(piece, index);
    const [, to, action, way = "IN", source] =
      /^(?:\[\s*\d+\]\s*)?(\S.*?)\s{2,}(ALLOW|DENY|REJECT|LIMIT)(?: (IN|OUT|FWD))?\s{2,}(.+?)\s*$/.exec(line) ?? [];
    if (to === undefined || action === undefined || source === undefined || line.includes("(v6)")) continue;
    const words = ruleWords(to, source, way);
    if (words === null)
      addLeftOut(leftOut, {
        what: `ufw's rule "${to}"`,
        why: "import does not know this application or form",
        from: place,
        decides: true,
      });
    else if (words.length > 0)
      for (const one of words)
        builder.add(
          "filter",
          way === "OUT" ? "OUTPUT" : way === "FWD" ? "FORWARD" : "INPUT",
          [...one, "-j", ...(verdicts[action.toLowerCase()] ?? ["ACCEPT"])],
          place,
        );
  }
  if (byDefault("incoming", "DROP") === "REJECT") builder.add("filter", "INPUT", ["-j", "REJECT"], from);
  return { piece: builder.toPiece(piece, madeBy("ufw")), leftOut };
}

/** Application profiles that ufw and packages bring along, and services by their names. */
const applications: Readonly<Record<string, string>> = {
  OpenSSH: "22/tcp",
  ftp: "21/tcp",
  "21": "21",
  ssh: "22/tcp",
  SSH: "22/tcp",
  Apache: "80/tcp",
  "Apache Full": "80,443/tcp",
  "Apache Secure": "443/tcp",
  "Nginx Full": "80,443/tcp",
  "Nginx HTTP": "80/tcp",
  "Nginx HTTPS": "443/tcp",
  "WWW Full": "80,443/tcp",
  FTP: "21/tcp",
  FTPS: "990/tcp",
  Samba: "137,138/udp",
};

/** The words of a rule for each protocol; `[]` where it cannot meet TCP, `null` if it is not understood. */
function ruleWords(to: string, source: string, way: string): readonly (readonly string[])[] | null {
  const words: string[] = [];
  const [, toPlain = to, device] = /^(.*?)(?: on (\S+))?$/.exec(to) ?? [];
  if (device !== undefined) words.push(way === "OUT" ? "-o" : "-i", device);
  const plainSource = source.replace(/\s+on \S+$/, "").replace(/\s*#.*$/, "");
  const address = plainSource === "Anywhere" ? null : /^(\d[\d.]*(?:\/\d+)?)$/.exec(plainSource)?.[1];
  if (address === undefined) return null;
  if (address !== null) words.push(way === "OUT" ? "-d" : "-s", address);
  if (toPlain === "Anywhere") return [words];
  const [, destination, rest = ""] = /^(?:(\d+\.\d+\.\d+\.\d+(?:\/\d+)?)\s*)?(.*)$/.exec(toPlain) ?? [];
  if (destination !== undefined) words.push("-d", destination);
  if (rest === "") return [words];
  const known = applications[rest] ?? rest;
  const [, ports, protocol] = /^([\d:,]+)(?:\/(tcp|udp))?$/.exec(known) ?? [];
  if (ports === undefined) return null;
  if (protocol === "udp") return [];
  const match = ports.includes(",") ? ["-m", "multiport", "--dports", ports] : ["--dport", ports];
  return [[...words, "-p", "tcp", ...match]];
}
