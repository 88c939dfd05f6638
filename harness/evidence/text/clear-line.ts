const longestLine = 200;

/** UTF-8 needs at most four bytes a character. */
const bytesLookedAt = longestLine * 4;

const lineEnd = /[\r\n]/;

/** Controls, what ends lines elsewhere, and what stands for bytes that are not UTF-8. */
const notText = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFD]/u;

/**
 * The first line of a payload in clear text, cut to 200 characters, with a password masked; `null` for what is none. FTP's
 * commands begin with a letter and its replies with a digit, a TLS record with 0x14 to 0x18.
 */
export function clearLineOf(payload: Uint8Array): string | null {
  if (!isAlphanumeric(payload[0])) return null;
  const window = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, bytesLookedAt));
  const decoded = window.toString("utf8");
  const end = decoded.search(lineEnd);
  // Where no line end stands, the cut may go through a character.
  const line = end === -1 ? decoded.replace(/\uFFFD$/, "") : decoded.slice(0, end);
  const shown = /^.{0,200}/su.exec(line)?.[0] ?? "";
  return notText.test(shown) ? null : shown.replace(/^(PASS) .*$/isu, "$1 ***");
}

function isAlphanumeric(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
