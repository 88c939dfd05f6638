import { createHash, randomBytes, type Hash } from "node:crypto";
import { Readable, Writable } from "node:stream";
import type { Client, FileInfo } from "basic-ftp";
import type { RemoteFile } from "../model/remote-file";
import type { SessionPart } from "../model/agent-protocol";
import type { TransferRecord } from "../model/cell";
import { SessionFailure } from "./session-failure";

/** Bytes handed to a data connection at a time. */
const pieceLength = 65_536;

/** What an operation reports while it goes on. */
export type OperationReport = {
  /** A file has been fetched, or is about to be sent. */
  readonly onTransfer: (record: TransferRecord) => void;
  /** A transfer is confirmed (226) and is now compared with what was asked for. */
  readonly onConfirmed: () => void;
};

/** Lists, downloads or uploads as the request says, by basic-ftp's own code. */
export async function operate(client: Client, request: SessionPart, report: OperationReport): Promise<void> {
  switch (request.operation) {
    case "list": {
      const listed = await client.list(request.folder);
      report.onConfirmed();
      const difference = listingDifference(request.files, listed);
      if (difference !== null) throw new SessionFailure("integrity", difference, null);
      return;
    }
    case "download":
      for (const file of request.files) await download(client, request.folder, file, report);
      return;
    case "upload":
      for (const file of request.files) await upload(client, request.folder, file, report);
      return;
  }
}

async function download(client: Client, folder: string, file: RemoteFile, report: OperationReport): Promise<void> {
  const digest = new Digest();
  await client.downloadTo(digest, remotePath(folder, file.name));
  report.onConfirmed();
  report.onTransfer({ name: file.name, size: digest.size, clientSha256: digest.sha256(), serverSha256: null });
  if (digest.size !== file.size) {
    const message = `${file.name}: received ${digest.size} bytes of ${file.size}`;
    throw new SessionFailure("integrity", message, null);
  }
}

async function upload(client: Client, folder: string, file: RemoteFile, report: OperationReport): Promise<void> {
  const content = randomBytes(file.size);
  const clientSha256 = createHash("sha256").update(content).digest("hex");
  // Told before it is sent: of a session that breaks off, the server may have all of it.
  report.onTransfer({ name: file.name, size: file.size, clientSha256, serverSha256: null });
  await client.uploadFrom(Readable.from(piecesOf(content)), remotePath(folder, file.name));
  report.onConfirmed();
}

/** What a listing lacks, has too much or shows wrongly; `null` if it is right. */
export function listingDifference(
  wanted: readonly RemoteFile[],
  listed: readonly Pick<FileInfo, "name" | "size" | "isDirectory">[],
): string | null {
  const found = new Map(listed.filter(({ name }) => name !== "." && name !== "..").map((entry) => [entry.name, entry]));
  const differences: string[] = [];
  for (const { name, size } of wanted) {
    const entry = found.get(name);
    found.delete(name);
    if (!entry) differences.push(`${name} is not listed`);
    else if (entry.isDirectory) differences.push(`${name} is listed as a folder`);
    else if (entry.size !== size) {
      differences.push(`${name} is listed with ${entry.size} bytes instead of ${size}`);
    }
  }
  for (const name of found.keys()) differences.push(`${name} is listed and should not be there`);
  return differences.length === 0 ? null : differences.join("; ");
}

function remotePath(folder: string, name: string): string {
  return `${folder.replace(/\/$/, "")}/${name}`;
}

function* piecesOf(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += pieceLength) yield content.subarray(at, at + pieceLength);
}

/** Keeps of a download what is compared: its size and hash. */
class Digest extends Writable {
  size = 0;
  readonly #hash: Hash = createHash("sha256");

  sha256(): string {
    return this.#hash.digest("hex");
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.size += chunk.length;
    this.#hash.update(chunk);
    done();
  }
}
