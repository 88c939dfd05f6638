import type { ServerFiles } from "../../host";
import { originAt, type Piece } from "../../pieces/piece";
import { addLeftOut, type LeftOut } from "../../place";
import { checkSections } from "../check-lines";
import { addressOf, fileOf, firstOf, portOf, rangeOf, type ServerReading } from "./settings";

/** Words of TLSOptions that ProFTPD had up to 1.3.5, and without which newer ones do the same: they ask for no certificate. */
const retiredOption = /\s+NoCertRequest(?=\s|$)/i;

/** The files as ProFTPD 1.3.8 takes them. @throws UsageError where one was cut off */
export function readProftpd(pieces: readonly Piece[]): ServerReading {
  for (const piece of pieces) checkSections(piece);
  const leftOut: LeftOut[] = [];
  const taken = pieces.map((piece) => ({
    ...piece,
    lines: piece.lines.map((line, index) => {
      if (!/^\s*TLSOptions\s/i.test(line) || !retiredOption.test(line)) return line;
      const from = originAt(piece, index);
      addLeftOut(leftOut, { what: "NoCertRequest", why: "ProFTPD 1.3.8 no longer has the word", from, decides: false });
      const rest = line.replace(retiredOption, "");
      return /^\s*TLSOptions\s*$/i.test(rest) ? `# ${line.trim()}` : rest;
    }),
  }));
  return { server: proftpd(taken), leftOut, inferences: [] };
}

function proftpd(pieces: readonly Piece[]): ServerFiles {
  // The main file is the one that includes others, or the one that is called so.
  const isMain = ({ from, path, lines }: Piece): boolean =>
    (path ?? from.file).endsWith("proftpd.conf") || lines.some((line) => /^\s*(ServerName|ServerType)\b/i.test(line));
  const ordered = [...pieces.filter(isMain), ...pieces.filter((piece) => !isMain(piece))];
  const outside = ordered.map(withoutVirtualHosts);
  const port = firstOf(outside, /^\s*Port\s+(\d+)/i);
  const range = firstOf(ordered, /^\s*PassivePorts\s+(\d+)\s+(\d+)/i);
  const address = firstOf(ordered, /^\s*MasqueradeAddress\s+"?([^\s"]+)/i);
  return {
    software: "proftpd",
    files: ordered.map(fileOf),
    controlPort: portOf(port, "proftpd has no Port line"),
    passivePorts: rangeOf(
      range?.groups[1],
      range?.groups[2],
      range?.from ?? null,
      "proftpd has no PassivePorts line, so it takes any port",
    ),
    announces: addressOf(address, "proftpd has no MasqueradeAddress line"),
    profile: null,
  };
}

/** A virtual host has a port of its own. */
function withoutVirtualHosts(piece: Piece): Piece {
  let inside = false;
  const lines = piece.lines.map((line) => {
    if (/^\s*<VirtualHost\b/i.test(line)) inside = true;
    const kept = inside ? "" : line;
    if (/^\s*<\/VirtualHost>/i.test(line)) inside = false;
    return kept;
  });
  return { ...piece, lines };
}
