/** The FTP helper of kernels that attach it by themselves. */
import { findLine, type Piece } from "../pieces/piece";
import type { Inference } from "../place";

type Loaded = { readonly piece: Piece; readonly text: string };

/** Before Linux 4.7 it was so by default; up to 5.19 with `nf_conntrack_helper=1` (nf_conntrack_helper.c). */
const rules = [
  "*raw",
  "-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp",
  "-A OUTPUT -p tcp -m tcp --dport 21 -j CT --helper ftp",
  "COMMIT",
];

/** `sysctl`, a script that writes the file, and the module's own parameter. */
const setsHelper =
  /^[^#]*nf_conntrack_helper\s*=\s*([01])\b|^\s*echo\s+["']?(?=\d["']?\s*>\s*\/proc\/sys\/net\/netfilter\/nf_conntrack_helper)([01])/;
/** `lsmod`, and scripts. */
const loadsHelper = /^nf_conntrack_ftp\b|^\s*(?:\/sbin\/)?(?:modprobe|insmod) (?:-\w+ )*(?:nf|ip)_conntrack_ftp\b/;

/** The rules with one that attaches the helper, where the machine's kernel does so without. */
export function addHelperOfOldKernels(
  pieces: readonly Piece[],
  loaded: readonly Loaded[],
  told: { readonly notes: string[]; readonly assumed: Inference[] },
): readonly Loaded[] {
  const find = (pattern: RegExp): ReturnType<typeof findLine> =>
    pieces.map((piece) => findLine(piece, pattern)).find((found) => found !== null) ?? null;
  const setting = find(setsHelper);
  const module = find(loadsHelper);
  const isAttached = loaded.some(({ text }) => /--helper ftp|ct helper set/.test(text));
  if (setting === null || (setting.groups[1] ?? setting.groups[2]) !== "1" || module === null) {
    const isHelpless = !isAttached && loaded.some(({ text }) => /-A FORWARD|hook forward/.test(text));
    if (isHelpless && setting === null) {
      told.assumed.push({
        kind: "assumed",
        what: "no kernel attaches the FTP helper by itself",
        why: "no rule attaches it, and no file says `net.netfilter.nf_conntrack_helper = 1`",
      });
    }
    return loaded;
  }
  const saved = loaded.find(({ piece }) => piece.kind !== "nft");
  if (isAttached || saved === undefined) return loaded;
  told.notes.push(
    `${setting.from.file}:${setting.from.line}: this kernel attaches the FTP helper by itself; the lab's does not, ` +
      `so a rule in the table raw attaches it.`,
  );
  const text = /^\*raw/m.test(saved.text)
    ? saved.text.replace(/^\*raw\n((?::.*\n)*)/m, `*raw\n$1${rules.slice(1, 3).join("\n")}\n`)
    : `${rules.join("\n")}\n${saved.text}`;
  return loaded.map((one) => (one === saved ? { ...one, text } : one));
}
