/** Content type of a TLS record, major version, and type of a handshake message (RFC 8446 sections 5.1 and 4). */
const handshake = 0x16;
const version = 0x03;
const clientHello = 0x01;

/** Record header 5 bytes, message header 4, legacy version 2 (RFC 8446 section 4.1.2). */
const randomAt = 11;
const randomLength = 32;

/**
 * The client's random in hex, if a TCP payload begins with a ClientHello: the second word of the session's lines in a TLS key
 * log. `null` for any other payload.
 */
export function clientRandomOf(payload: Uint8Array): string | null {
  const end = randomAt + randomLength;
  if (payload.byteLength < end) return null;
  if (payload[0] !== handshake || payload[1] !== version) return null;
  if (payload[5] !== clientHello || payload[9] !== version) return null;
  return Buffer.from(payload.buffer, payload.byteOffset + randomAt, randomLength).toString("hex");
}
