import { createGunzip, gzipSync } from "node:zlib";
import { Readable } from "node:stream";
import { extract, pack } from "tar-stream";
import { UsageError, messageOf } from "../../model/errors";

/** A file of an archive; `path` has slashes. */
export type ArchivedFile = { readonly path: string; readonly bytes: Buffer };

/** Where gzip says on which system it was made (RFC 1952 section 2.3.1), and its word for "unknown". */
const system = { offset: 9, unknown: 255 } as const;

/** The files as `.tar.gz`: the same bytes for the same files, whenever and wherever it is made. */
export async function packFiles(files: readonly ArchivedFile[]): Promise<Buffer> {
  const tar = pack();
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  for (const { path, bytes } of sorted) {
    tar.entry({ name: path, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) }, bytes);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(Buffer.from(chunk as Uint8Array));
  const zipped = gzipSync(Buffer.concat(chunks), { level: 9 });
  zipped[system.offset] = system.unknown;
  return zipped;
}

/** What a stranger's archive may hold. */
export const archiveLimits = { files: 2_000, fileBytes: 16 * 1024 * 1024, bytes: 256 * 1024 * 1024 } as const;

/** Names that stay below the folder that they are written to, on every system. */
const safePath =
  /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._@+-][A-Za-z0-9._@+ -]*(?:\/[A-Za-z0-9._@+-][A-Za-z0-9._@+ -]*)*$/;

/**
 * The files of a `.tar.gz`, in memory; nothing is written.
 * @throws UsageError `unsafe-bundle` for links, devices, names that lead elsewhere, too much, and what is no archive
 */
export async function unpackFiles(zipped: Buffer): Promise<readonly ArchivedFile[]> {
  const files = new Map<string, ArchivedFile>();
  const tar = extract();
  const unzipped = Readable.from([zipped]).pipe(createGunzip());
  unzipped.on("error", (error) => {
    tar.destroy(error);
  });
  unzipped.pipe(tar);
  let total = 0;
  try {
    for await (const entry of tar) {
      const { name, type } = entry.header;
      const path = name.replace(/\/+$/, "");
      if (type !== "file" && type !== "directory") throw refused(`it holds a ${type}`);
      if (path.length > 400 || !safePath.test(path)) throw refused("a name in it leads out of its folder, or is none");
      if (files.size >= archiveLimits.files) throw refused(`it holds more than ${archiveLimits.files} files`);
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of entry) {
        const bytes = Buffer.from(chunk as Uint8Array);
        size += bytes.length;
        total += bytes.length;
        if (size > archiveLimits.fileBytes || total > archiveLimits.bytes)
          throw refused("it is too large when unpacked");
        chunks.push(bytes);
      }
      if (type === "directory") continue;
      if (files.has(path)) throw refused("a name stands in it twice");
      files.set(path, { path, bytes: Buffer.concat(chunks) });
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw refused(messageOf(error), error);
  } finally {
    unzipped.destroy();
    tar.destroy();
  }
  return [...files.values()];
}

function refused(why: string, cause?: unknown): UsageError {
  return new UsageError(`The bundle cannot be unpacked: ${why}.`, {
    code: "unsafe-bundle",
    hint: "Ask for one that `reproduce FILE --bundle OUT.tar.gz` wrote.",
    cause,
  });
}
