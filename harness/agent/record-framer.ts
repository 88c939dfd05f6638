/** Bytes of a connection: one whole TLS record, or clear text. */
export type Frame = { readonly kind: "record" | "clear"; readonly bytes: Buffer };

const headerLength = 5;

/**
 * Cuts what a server sends into TLS records (RFC 8446 section 5.1: type, version, length), so that TLS never sees a byte that
 * comes after its last record: Node would swallow clear text that shares a chunk with close_notify. An FTP reply starts
 * with a digit, a record with 0x14 to 0x18; the first other byte at a record's start begins clear text, for good.
 */
export class RecordFramer {
  #rest: Buffer = Buffer.alloc(0);
  #clear = false;

  /** The frames completed by this chunk; an incomplete record is kept for the next. */
  push(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length > 0) {
      this.#clear ||= !isRecordType(bytes[0]);
      if (this.#clear) {
        frames.push({ kind: "clear", bytes });
        bytes = bytes.subarray(bytes.length);
        break;
      }
      const length = bytes.length < headerLength ? Infinity : headerLength + bytes.readUInt16BE(3);
      if (bytes.length < length) break;
      frames.push({ kind: "record", bytes: bytes.subarray(0, length) });
      bytes = bytes.subarray(length);
    }
    this.#rest = bytes;
    return frames;
  }
}

function isRecordType(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x14 && byte <= 0x18;
}
