/** A server's own configuration → what the network needs of it, with the lines that say so. */
import { UsageError } from "../../model/errors";
import { softwareIds, type SoftwareId } from "../../model/ids";
import { parseAddress } from "../../net/address";
import { softwareOf, type Piece } from "../pieces/piece";
import { readProftpd } from "./servers/proftpd";
import { readPureFtpd } from "./servers/pure-ftpd";
import { readVsftpd } from "./servers/vsftpd";
import type { ServerReading } from "./servers/settings";

/** Who reads the files of each software that tells them from others (`userFiles`); all pieces of the machine show its system. */
export const serverReaders: Readonly<
  Partial<Record<SoftwareId, (own: readonly Piece[], all: readonly Piece[]) => ServerReading>>
> = {
  proftpd: readProftpd,
  vsftpd: readVsftpd,
  "pure-ftpd": readPureFtpd,
};

/** @throws UsageError where there are files of two softwares, two of one that has one file, or one was cut off */
export function readServer(pieces: readonly Piece[]): ServerReading | null {
  const [software, ...others] = softwareIds.filter((id) => pieces.some(({ kind }) => softwareOf(kind) === id));
  if (software === undefined) return null;
  if (others.length > 0) {
    const hint = "Give the files of only one, or say which machine each belongs to: NAME=FILE.";
    throw new UsageError(`One machine has configurations of ${[software, ...others].join(" and ")}.`, {
      code: "import-two-machines",
      hint,
    });
  }
  return (
    serverReaders[software]?.(
      pieces.filter(({ kind }) => softwareOf(kind) === software),
      pieces,
    ) ?? null
  );
}

/** Whether a text is an address, and no name that only the user's own name server knows. */
export function isAddress(text: string | null): text is string {
  return text !== null && parseAddress(text)?.family === "ipv4";
}
