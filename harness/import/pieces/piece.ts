/** What a user's file holds, by its form. */
import { softwareIds, type SoftwareId } from "../../model/ids";
import type { Origin } from "../place";

/** A form of a system's own. */
type SystemKind =
  | "iptables-save"
  | "ip6tables-save"
  | "iptables-rules"
  | "iptables-listing"
  | "iptables-script"
  | "nft"
  | "ip-addr"
  | "ip-route"
  | "ip-rule"
  | "ifconfig"
  | "ifupdown"
  | "sysctl"
  | "modules"
  | "listening"
  | "ufw-status"
  | "ufw-defaults"
  | "firewalld"
  | "uci-show"
  | "uci-config"
  | "compose"
  | "remark";
/** A form of a system's own, a server's configuration, or a file that is one option of a server's. */
export type PieceKind = SystemKind | SoftwareId | `${SoftwareId}-option`;

/** The server software that a piece of this form belongs to; `null` if it belongs to none. */
export function softwareOf(kind: PieceKind): SoftwareId | null {
  return softwareIds.find((id) => kind === id || kind === `${id}-option`) ?? null;
}

/** Lines of one form that belong together. */
export type Piece = {
  readonly kind: PieceKind;
  readonly lines: readonly string[];
  /** Of the first line. */
  readonly from: Origin;
  /** The machine, where the file itself names it: `NAME=FILE`, a heading, a prompt. */
  readonly host: string | null;
  /** Path on that machine, where it is known. */
  readonly path: string | null;
  /** Where each line was made from, where the lines are not the file's own. */
  readonly origins?: readonly Origin[];
};

/** A file as it came: its name on the command line, and its text. */
export type InputFile = {
  readonly name: string;
  readonly text: string;
  /** The machine that it was said to be of, with `NAME=FILE`. */
  readonly host?: string | undefined;
  /** One of a folder, where other things may lie too. */
  readonly isOptional?: boolean;
};

/** The origin of a line of a piece; `index` counts from 0. */
export function originAt({ from, origins }: Pick<Piece, "from" | "origins">, index: number): Origin {
  return origins?.[index] ?? { file: from.file, line: from.line + index };
}

/** The first line of a piece that matches, with its groups. */
export function findLine(
  piece: Piece,
  pattern: RegExp,
): { readonly groups: RegExpExecArray; readonly from: Origin } | null {
  for (const [index, line] of piece.lines.entries()) {
    const groups = pattern.exec(line);
    if (groups !== null) return { groups, from: originAt(piece, index) };
  }
  return null;
}
