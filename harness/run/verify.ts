import type { SessionRequest } from "../model/agent-protocol";
import type { Attempt, TransferRecord } from "../model/cell";
import type { ServerGroup } from "../lab/server-group";

/**
 * Compares what the client says it transferred with what was asked and with the server's disk. A client that claims success
 * for fewer files or other bytes has failed at `integrity`.
 */
export async function verifyTransfers(
  attempt: Attempt,
  { operation, files }: Pick<SessionRequest, "operation" | "files">,
  server: Pick<ServerGroup, "files" | "uploadHashes">,
): Promise<Attempt> {
  if (attempt.result !== "worked" || operation === "list") return attempt;
  const hashes =
    operation === "upload"
      ? await server.uploadHashes(files.map(({ name }) => name))
      : new Map(server.files.download.map(({ name, sha256 }) => [name, sha256]));
  const transfers = attempt.transfers.map((transfer): TransferRecord => ({
    ...transfer,
    serverSha256: hashes.get(transfer.name) ?? null,
  }));
  const difference = differenceOf(files, transfers);
  if (difference === null) return { ...attempt, transfers };
  return { ...attempt, transfers, result: "failed", stage: "integrity", message: difference };
}

function differenceOf(files: SessionRequest["files"], transfers: readonly TransferRecord[]): string | null {
  const missing = files.find(({ name }) => !transfers.some((transfer) => transfer.name === name));
  if (missing !== undefined) return `the client says that it worked, and never transferred ${missing.name}`;
  const wrong = transfers.find((transfer) => transfer.serverSha256 !== transfer.clientSha256);
  if (wrong === undefined) return null;
  const { name, clientSha256, serverSha256 } = wrong;
  const onServer = serverSha256 === null ? "is not on the server" : `has SHA-256 ${serverSha256} on the server`;
  return `${name} ${onServer} and ${clientSha256} at the client`;
}
