import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  closeSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unpackFiles } from "../bugs/bundle/tarball";
import { UsageError } from "../model/errors";

/** Larger is no bundle of ours. */
const mostBytes = 64 * 1024 * 1024;
/** What gzip begins with (RFC 1952). */
const magic = [0x1f, 0x8b] as const;

/** Whether a path is a packed file. */
export function isBundle(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const handle = openSync(path, "r");
    try {
      const start = Buffer.alloc(magic.length);
      return readSync(handle, start) === magic.length && magic.every((byte, index) => start[index] === byte);
    } finally {
      closeSync(handle);
    }
  } catch {
    return false;
  }
}

/**
 * Unpacks a bundle into a folder of its own, which `remove` takes away.
 * @throws UsageError `unsafe-bundle`
 */
export async function unpackBundle(path: string): Promise<{ readonly folder: string; readonly remove: () => void }> {
  if (statSync(path).size > mostBytes) {
    throw new UsageError("The bundle is larger than 64 MB.", { code: "unsafe-bundle" });
  }
  const files = await unpackFiles(readFileSync(path));
  const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-bundle-"));
  for (const file of files) {
    const target = join(folder, file.path);
    mkdirSync(dirname(target), { recursive: true });
    // Never over anything that is there.
    writeFileSync(target, file.bytes, { flag: "wx", mode: 0o600 });
  }
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
