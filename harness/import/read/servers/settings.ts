/** Lines of a server's own configuration, each with the place where it stands. */
import type { PortRange } from "../../../model/topology";
import type { ServerFiles } from "../../host";
import { findLine, originAt, type Piece } from "../../pieces/piece";
import { assume, readFrom, type Inference, type Known, type LeftOut } from "../../place";

/** What a server's files say, what of them is left out, and what was made of the rest. */
export type ServerReading = {
  readonly server: ServerFiles;
  readonly leftOut: readonly LeftOut[];
  readonly inferences: readonly Inference[];
};

/** What ProFTPD's EPSV and vsftpd take where nothing is set (mod_core.c, core_epsv; privops.c, vsf_privop_pasv_listen). */
const anyPort: PortRange = { first: 1024, last: 65_535 };
/** What Linux gives where nothing is set (`net.ipv4.ip_local_port_range`). */
export const kernelPort: PortRange = { first: 32_768, last: 60_999 };

type Found = NonNullable<ReturnType<typeof findLine>>;

/** Of several lines the first one counts. */
export function firstOf(pieces: readonly Piece[], pattern: RegExp): Found | null {
  return pieces.flatMap((piece) => findLine(piece, pattern) ?? [])[0] ?? null;
}

/** Of several lines the last one counts. */
export function lastOf(pieces: readonly Piece[], pattern: RegExp): Found | null {
  const reversed = pieces.map((piece) => {
    const at = piece.lines.findLastIndex((line) => pattern.test(line));
    const groups = pattern.exec(piece.lines[at] ?? "");
    return groups === null ? null : { groups, from: originAt(piece, at) };
  });
  return reversed.findLast((found) => found !== null) ?? null;
}

/** The control port that a line says; 21 where none does. */
export function portOf(found: Found | null, why: string): Known<number> {
  const port = Number(found?.groups[1] ?? 0);
  return found === null || port === 0 ? assume(21, why) : readFrom(port, found.from);
}

/** The passive range that lines say; what the software takes otherwise where none do. */
export function rangeOf(
  first: string | undefined,
  last: string | undefined,
  from: Piece["from"] | null,
  why: string,
  otherwise = anyPort,
): Known<PortRange> {
  const range = { first: Number(first), last: Number(last) };
  const isRange = from !== null && range.first >= 1024 && range.first <= range.last && range.last <= 65_535;
  return isRange ? readFrom(range, from) : assume(otherwise, why);
}

/** The address that a line says for 227; `null` where none does. */
export function addressOf(found: Found | null, why: string): Known<string | null> {
  return found === null ? assume(null, why) : readFrom(found.groups[1] ?? null, found.from);
}

/** A piece as the file that it is, named as below /etc. */
export function fileOf(piece: Piece): ServerFiles["files"][number] {
  const name = (piece.path ?? piece.from.file).replace(/^\/etc\//, "").replace(/^.*\/(?=[^/]*$)/, "");
  return { name, text: `${piece.lines.join("\n").replace(/\n+$/, "")}\n`, from: piece.from };
}
