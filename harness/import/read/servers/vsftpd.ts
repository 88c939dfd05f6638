import { patchedName, whoPatched } from "../../../catalog/servers/vsftpd-names";
import { UsageError } from "../../../model/errors";
import type { ServerFiles } from "../../host";
import { findLine, originAt, type Piece } from "../../pieces/piece";
import { addLeftOut, placeText, type Inference, type LeftOut, type Origin } from "../../place";
import { addressOf, fileOf, lastOf, portOf, rangeOf, type ServerReading } from "./settings";

/** @throws UsageError where there are two files */
export function readVsftpd(own: readonly Piece[], all: readonly Piece[]): ServerReading {
  return { server: vsftpd(own), ...patchedSettings(own, all) };
}

function vsftpd(pieces: readonly Piece[]): ServerFiles {
  const [first, second] = pieces;
  if (second !== undefined && first !== undefined) {
    const hint = "vsftpd reads one file. Give only that one.";
    throw new UsageError(`${first.from.file} and ${second.from.file} are both a vsftpd.conf.`, {
      code: "import-two-machines",
      hint,
    });
  }
  const [least, most] = [lastOf(pieces, /^pasv_min_port\s*=\s*(\d+)/), lastOf(pieces, /^pasv_max_port\s*=\s*(\d+)/)];
  return {
    software: "vsftpd",
    files: pieces.map(fileOf),
    controlPort: portOf(lastOf(pieces, /^listen_port\s*=\s*(\d+)/), "vsftpd has no listen_port line"),
    passivePorts: rangeOf(
      least?.groups[1],
      most?.groups[1],
      least?.from ?? null,
      "vsftpd has no pasv_min_port and pasv_max_port, so it takes any port",
    ),
    announces: addressOf(lastOf(pieces, /^pasv_address\s*=\s*(\S+)/), "vsftpd has no pasv_address line"),
    profile: null,
  };
}

const redHats =
  /\b(?:Red Hat|RHEL|CentOS|AlmaLinux|Rocky|Oracle Linux|Amazon Linux|Fedora|openSUSE|SUSE|SLES)\b|\.(?:el|fc|amzn)\d+|\/etc\/pki\/|\/etc\/vsftpd\//;
const debians = /\b(?:Debian|Ubuntu|Raspbian|Linux Mint)\b|ssl-cert-snakeoil/;

/** Settings that only a patched vsftpd knows, which the lab's gets under Debian's name or not at all; `all` shows the system. */
function patchedSettings(own: readonly Piece[], all: readonly Piece[]): Omit<ServerReading, "server"> {
  const leftOut: LeftOut[] = [];
  const inferences: Inference[] = [];
  const shown = (pattern: RegExp): Origin | null =>
    all.flatMap((piece) => {
      const ofPath = piece.path !== null && pattern.test(piece.path) ? piece.from : null;
      return findLine(piece, pattern)?.from ?? ofPath ?? [];
    })[0] ?? null;
  const debian = shown(debians);
  const isRedHat = shown(redHats) !== null || all.some(({ kind }) => kind === "firewalld");
  for (const piece of own) {
    for (const [index, line] of piece.lines.entries()) {
      const name = /^\s*([a-z0-9_]+)=/.exec(line)?.[1] ?? "";
      const patched = patchedName(name);
      const from = originAt(piece, index);
      if (patched === null) continue;
      if (patched.kind === "added") {
        const why = `the vsftpd of ${whoPatched(patched)} knows it, the lab's does not, and no connection depends on it`;
        addLeftOut(leftOut, { what: name, why, from, decides: false });
        continue;
      }
      const what = `${name} is ${patched.to} in the lab, where vsftpd has that name for it`;
      const why =
        debian === null
          ? `only the vsftpd of ${whoPatched(patched)} has the name, and no file shows the system`
          : `${placeText(debian)} shows Debian or Ubuntu, whose vsftpd does not start with ${placeText(from)}; the lab takes the line for what it means`;
      inferences.push(isRedHat ? { kind: "read", what, from } : { kind: "assumed", what, why });
    }
  }
  return { leftOut, inferences };
}
