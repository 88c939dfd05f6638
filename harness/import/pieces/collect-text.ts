/** The text that `collect` prints: a heading for each machine, and sections between `=== begin` and `=== end`. */
import { UsageError } from "../../model/errors";
import { blocksOf } from "./blocks";
import type { Piece, PieceKind } from "./piece";
import { formOf } from "./forms";

export const collectHeading = /^# ftp-nat-matrix collect (\d+)/;

const kinds: Readonly<Record<string, PieceKind>> = {
  "iptables-save": "iptables-save",
  "ip6tables-save": "ip6tables-save",
  nft: "nft",
  "ip addr": "ip-addr",
  "ip route": "ip-route",
  sysctl: "sysctl",
  modules: "modules",
  listening: "listening",
  ufw: "ufw-status",
  firewalld: "firewalld",
  "uci network": "uci-show",
  "uci firewall": "uci-show",
};

/** Pieces of the texts of one machine or several. @throws UsageError where a section has no end, or the text is of another version */
export function collectPieces(file: string, lines: readonly string[], said: string | null): readonly Piece[] {
  const pieces: Piece[] = [];
  let host = said;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const version = collectHeading.exec(line)?.[1];
    if (version !== undefined && version !== "1") {
      const hint = "Use the `collect` of this release.";
      throw new UsageError(`${file}:${at + 1}: this release does not know collect ${version}.`, {
        code: "import-unreadable",
        hint,
      });
    }
    const named = /^# host: (\S+)/.exec(line)?.[1];
    if (named !== undefined && said === null) host = named.toLowerCase();
    if (named !== undefined)
      pieces.push({ kind: "remark", lines: [line], from: { file, line: at + 1 }, host, path: null });
    const name = /^=== begin (.+) ===$/.exec(line)?.[1];
    if (name === undefined) continue;
    const end = lines.indexOf(`=== end ${name} ===`, at + 1);
    if (end < 0) {
      const hint = "Run collect again and take all of its output.";
      throw new UsageError(`${file}:${at + 1}: the section ${name} has no end: the text was cut off.`, {
        code: "import-cut-off",
        hint,
      });
    }
    const body = lines.slice(at + 1, end).map((inside) => (inside.startsWith(" ===") ? inside.slice(1) : inside));
    pieces.push(...sectionPieces(name, body, { from: { file, line: at + 2 }, host, path: null }));
    at = end;
  }
  return pieces;
}

function sectionPieces(name: string, lines: readonly string[], place: Omit<Piece, "kind" | "lines">): readonly Piece[] {
  if (lines.every((line) => line.trim() === "")) return [];
  const path = /^file (.+)$/.exec(name)?.[1];
  if (path !== undefined) {
    const kind = formOf(lines, path.slice(path.lastIndexOf("/") + 1));
    if (kind !== null) return [{ ...place, kind, lines, path }];
    return blocksOf(lines, { ...place, path }).pieces;
  }
  const kind = kinds[name];
  return kind === undefined ? [] : [{ ...place, kind, lines }];
}
