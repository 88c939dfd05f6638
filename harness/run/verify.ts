import type { Attempt, TransferRecord } from "../model/cell";
import type { Operation } from "../model/axes";
import type { FtpServer } from "../lab/ftp-server";

/**
 * Compares what the client says it transferred with the server's disk. A client that claims success for other bytes has
 * failed at `integrity`.
 */
export async function verifyTransfers(attempt: Attempt, operation: Operation, server: FtpServer): Promise<Attempt> {
  if (attempt.result !== "worked" || operation === "list") return attempt;
  const hashes =
    operation === "upload"
      ? await server.uploadHashes(attempt.transfers.map(({ name }) => name))
      : new Map(server.files.download.map(({ name, sha256 }) => [name, sha256]));
  const transfers = attempt.transfers.map((transfer): TransferRecord => ({
    ...transfer,
    serverSha256: hashes.get(transfer.name) ?? null,
  }));
  const wrong = transfers.find((transfer) => transfer.serverSha256 !== transfer.clientSha256);
  if (wrong === undefined) return { ...attempt, transfers };
  const onServer =
    wrong.serverSha256 === null ? "is not on the server" : `has SHA-256 ${wrong.serverSha256} on the server`;
  return {
    ...attempt,
    transfers,
    result: "failed",
    stage: "integrity",
    message: `${wrong.name} ${onServer} and ${wrong.clientSha256} at the client`,
  };
}
