import { UsageError } from "../../../model/errors";
import type { ServerFiles } from "../../host";
import type { Piece } from "../../pieces/piece";
import { addressOf, fileOf, lastOf, portOf, rangeOf, type ServerReading } from "./settings";

/** @throws UsageError where there are two files */
export function readVsftpd(pieces: readonly Piece[]): ServerReading {
  return { server: vsftpd(pieces), leftOut: [] };
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
