import type { RemoteFile } from "../model/remote-file";
import type { SessionRequest } from "../model/agent-protocol";
import type { Operation } from "../model/axes";
import type { Attempt, TransferRecord } from "../model/cell";
import type { LabServer } from "../lab/lab-port";

type Asked = Pick<SessionRequest, "operation" | "files"> & Partial<Pick<SessionRequest, "steps">>;

/**
 * Compares what the client says it transferred with what was asked and with the server's disk. A client that claims success
 * for fewer files or other bytes has failed at `integrity`.
 */
export async function verifyTransfers(
  attempt: Attempt,
  asked: Asked,
  server: Pick<LabServer, "files" | "uploadHashes">,
  /** Whether the server is asked for what was sent even where the session failed. */
  asksAnyway = false,
): Promise<Attempt> {
  const uploads = filesOf(asked, "upload");
  const files = [...uploads, ...filesOf(asked, "download")];
  const isWorked = attempt.result === "worked";
  if (files.length === 0 || !(isWorked || asksAnyway)) return attempt;
  const hashes = new Map([
    ...server.files.download.map(({ name, sha256 }) => [name, sha256] as const),
    ...(uploads.length === 0 ? [] : await server.uploadHashes(uploads.map(({ name }) => name))),
  ]);
  const transfers = attempt.transfers.map((transfer): TransferRecord => ({
    ...transfer,
    serverSha256: hashes.get(transfer.name) ?? null,
  }));
  const difference = isWorked ? differenceOf(files, transfers) : null;
  if (difference === null) return { ...attempt, transfers };
  return { ...attempt, transfers, result: "failed", stage: "integrity", message: difference };
}

/** The files of all parts of a session. */
function filesOf({ steps, ...only }: Asked, operation: Operation): readonly RemoteFile[] {
  return (steps ?? [only]).flatMap((step) => ("files" in step && step.operation === operation ? step.files : []));
}

function differenceOf(files: readonly RemoteFile[], transfers: readonly TransferRecord[]): string | null {
  const missing = files.find(({ name }) => !transfers.some((transfer) => transfer.name === name));
  if (missing !== undefined) return `the client says that it worked, and never transferred ${missing.name}`;
  const wrong = transfers.find((transfer) => transfer.serverSha256 !== transfer.clientSha256);
  if (wrong === undefined) return null;
  const { name, clientSha256, serverSha256 } = wrong;
  const onServer = serverSha256 === null ? "is not on the server" : `has SHA-256 ${serverSha256} on the server`;
  return `${name} ${onServer} and ${clientSha256} at the client`;
}
