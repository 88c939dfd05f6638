import { fstatSync, openSync, closeSync, readSync, readFileSync } from "node:fs";
import { messageOf, UsageError } from "../model/errors";
import { decodedText } from "../text/decode";

/** More than anybody pastes. */
const mostBytes = 64 * 1024 * 1024;

/** A pasted text from a file; `-` is standard input. @throws UsageError `unreadable-log`, `too-long-log` */
export function readPasted(file: string): string {
  const bytes = bytesOf(file);
  // Input that is not text is refused by the reader, since it contains nothing of FTP.
  return decodedText(bytes) ?? new TextDecoder("utf-8").decode(bytes);
}

function bytesOf(file: string): Buffer {
  let descriptor: number | null = null;
  try {
    descriptor = file === "-" ? 0 : openSync(file, "r");
    const stat = fstatSync(descriptor);
    if (stat.isFile() && stat.size > mostBytes) throw tooLong(file);
    return stat.isFile() && file !== "-" ? readFileSync(descriptor) : piped(descriptor, file);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`${file} cannot be read: ${messageOf(cause)}`, { code: "unreadable-log", cause });
  } finally {
    if (descriptor !== null && descriptor !== 0) closeSync(descriptor);
  }
}

/** What has no size yet is read until it ends, or is too long. */
function piped(descriptor: number, file: string): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const piece = Buffer.alloc(1 << 16);
    const read = readPiece(descriptor, piece);
    if (read === 0) return Buffer.concat(pieces);
    length += read;
    if (length > mostBytes) throw tooLong(file);
    pieces.push(piece.subarray(0, read));
  }
}

function readPiece(descriptor: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, piece, 0, piece.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      // Standard input that does not wait: nothing is there yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function tooLong(file: string): UsageError {
  return new UsageError(`${file === "-" ? "Standard input" : file} is longer than 64 MB.`, {
    code: "too-long-log",
    hint: "Paste the one session that fails, from its connection to the error.",
  });
}
