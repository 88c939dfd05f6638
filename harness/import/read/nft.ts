/** `nft list ruleset` → rules that the lab's nft loads, with what had to be left out. */
import { UsageError } from "../../model/errors";
import { originAt, type Piece } from "../pieces/piece";
import { addLeftOut, type LeftOut } from "../place";
import { harmlessTargets, unknownStatements } from "./known-extensions";
import type { LoadableRules } from "./iptables";

type Block = { readonly kind: "table" | "chain" | "other"; readonly isDropped: boolean };

/**
 * Rules of nftables without those that iptables-nft holds and iptables-save told already.
 * @param saved what iptables-save printed on the same machine, if it is there
 * @throws UsageError where it was cut off
 */
export function loadableNft(piece: Piece, saved: Piece | null): LoadableRules {
  const leftOut: LeftOut[] = [];
  const kept: string[] = [];
  const blocks: Block[] = [];
  let isIptables = false;
  for (const [index, line] of piece.lines.entries()) {
    const from = originAt(piece, index);
    const bare = line
      .replace(/"[^"]*"/g, '""')
      .replace(/#.*/, "")
      .trim();
    const missing = /^(include\b.*)/.exec(line.trim())?.[1] ?? /(?<!define )(\$\w+)/.exec(bare)?.[1];
    if (missing !== undefined && !isDefined(missing, piece)) throw notGiven(missing, from);
    if (line.includes("managed by iptables-nft")) isIptables = true;
    const isInside = blocks.some(({ isDropped }) => isDropped);
    const opens = (bare.match(/\{/g)?.length ?? 0) - (bare.match(/\}/g)?.length ?? 0);
    const kind = /^table\b/.test(bare) ? "table" : /^chain\b/.test(bare) ? "chain" : "other";
    const reason = isInside ? null : dropReason(bare, saved !== null && (isIptables || isSaved(bare, saved)));
    if (!isInside && (reason === null || reason.what.startsWith("a rule of iptables")) && hidesParts(line))
      throw ofIptables(from);
    if (reason !== null) {
      addLeftOut(leftOut, { ...reason, from });
      if (opens > 0) blocks.push(...Array<Block>(opens).fill({ kind, isDropped: true }));
    } else {
      for (let at = 0; at < opens; at += 1) blocks.push({ kind, isDropped: false });
      if (!isInside) kept.push(rewritten(line, from, leftOut));
      for (let at = 0; at > opens; at -= 1) blocks.pop();
    }
    if (kind === "table") isIptables = false;
  }
  if (blocks.length > 0) {
    const { file, line } = originAt(piece, piece.lines.length - 1);
    const hint = "Take the whole output of `nft list ruleset` again.";
    throw new UsageError(`${file}:${line}: a block of the ruleset is not closed: the file was cut off.`, {
      code: "import-cut-off",
      hint,
    });
  }
  return { text: `${kept.join("\n")}\n`, leftOut };
}

/** A variable that the file itself defines; what a file includes was never given. */
function isDefined(missing: string, { lines }: Piece): boolean {
  const name = missing.slice(1);
  return missing.startsWith("$") && lines.some((line) => new RegExp(`^\\s*define ${name}\\b`).test(line));
}

function notGiven(missing: string, { file, line }: LeftOut["from"]): UsageError {
  const what = missing.startsWith("$") ? `nothing defines ${missing}` : `this is in another file: ${missing}`;
  return new UsageError(`${file}:${line}: ${what}.`, {
    code: "import-unreadable",
    hint: "Give what `nft list ruleset` prints: it joins all files and replaces variables by their values.",
  });
}

/**
 * Whether a table is one of those that iptables-save printed. nft warns of a table of iptables-nft only where rules of it have no words
 * of nftables' own. Those of iptables-legacy are in another part of the kernel, and are no tables of nftables.
 */
function isSaved(bare: string, { lines }: Piece): boolean {
  const [, name] = /^table (?:ip )?(raw|mangle|nat|filter|security) \{/.exec(bare) ?? [];
  return lines.some((line) => line.includes("(nf_tables)")) && lines.includes(`*${name ?? ""}`);
}

/** What nft cannot print of a rule of iptables, it prints as a comment or by the name of the extension alone. */
function hidesParts(line: string): boolean {
  const isHidden = /\bxt (match|target) |#\s*(xt_\w+|XT (match|target)\b)/i.test(line.replace(/comment "[^"]*"/g, ""));
  const [, target = ""] = /\bxt (?:target "?|_)(\w+)/i.exec(line) ?? [];
  const isOther = /\b(udp|icmp|icmpv6|ip6)\b/.test(line);
  return isHidden && !isOther && !harmlessTargets.has(target.toUpperCase());
}

function ofIptables({ file, line }: LeftOut["from"]): UsageError {
  return new UsageError(
    `${file}:${line}: nft cannot print this rule of iptables, and what it leaves out may decide about FTP.`,
    { code: "import-unreadable", hint: "Give the output of iptables-save too, or instead." },
  );
}

type Reason = Pick<LeftOut, "what" | "why" | "decides">;

function dropReason(bare: string, isTwice: boolean): Reason | null {
  const table = /^table (\w+ )?(\S+) \{/.exec(bare);
  const family = table?.[1]?.trim() ?? "ip";
  if (table !== null) {
    const what = `table ${family} ${table[2] ?? ""}`;
    if (isTwice) return { what, why: "iptables-save tells the same rules", decides: false };
    if (family === "netdev") return { what, why: "it belongs to devices that the lab does not have", decides: true };
    if (family === "bridge" || family === "arp") return { what, why: "it sees no routed packets", decides: false };
    if (family === "ip6") return { what, why: "the network is IPv4", decides: false };
  }
  if (/^flowtable\b/.test(bare)) {
    return {
      what: "flowtable",
      why: "it only shortens the way of packets that already pass; the lab's kernel has no flow offload",
      decides: false,
    };
  }
  // A fullcone source NAT is written anew instead.
  const unknown = unknownStatements.find(({ pattern }) => pattern.test(bare));
  return unknown === undefined ? null : { what: unknown.name, why: unknown.why, decides: unknown.decides };
}

/** Source NAT of patched kernels becomes the masquerade that it is to a client outside. */
function rewritten(line: string, from: LeftOut["from"], leftOut: LeftOut[]): string {
  if (!/\bfullcone\b/.test(line.replace(/"[^"]*"/g, ""))) return line;
  addLeftOut(leftOut, {
    what: "fullcone",
    why: "the lab's kernel lacks it; masquerade replaces it",
    from,
    decides: false,
  });
  return /\bmasquerade\b/.test(line)
    ? line.replace(/\bfullcone\b/, "")
    : /srcnat|postrouting|oifname/.test(line)
      ? line.replace(/\bfullcone\b/, "masquerade")
      : "";
}
