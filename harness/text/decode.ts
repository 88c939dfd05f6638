/**
 * Reads the bytes of a text as people save it, with any line ends, which become line feeds; `null` if it is no text. UTF-8; UTF-16 with a
 * byte order mark or without (PowerShell's `>`, Windows' editor); what is neither is taken for Windows-1252, as old editors write it.
 */
export function decodedText(bytes: Uint8Array): string | null {
  const text = utf16(bytes) ?? utf8(bytes) ?? new TextDecoder("windows-1252").decode(bytes);
  return binary.test(text) ? null : text.replace(/\r\n?/g, "\n");
}

/** Control characters that no text has; a terminal's own (bell, backspace, form feed, escape) may be in a log. */
// eslint-disable-next-line no-control-regex
const binary = /[\0-\x06\x0e-\x1a\x1c-\x1f]/;

function utf16(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  // Without a mark: of what an administrator writes, most characters are ASCII, with a zero before or behind.
  const start = bytes.subarray(0, 4096);
  const half = start.length >> 1;
  if (half < 4) return null;
  const zeros = (parity: number): number => start.filter((byte, index) => byte === 0 && index % 2 === parity).length;
  if (zeros(1) > half * 0.8 && zeros(0) === 0) return new TextDecoder("utf-16le").decode(bytes);
  return zeros(0) > half * 0.8 && zeros(1) === 0 ? new TextDecoder("utf-16be").decode(bytes) : null;
}

/** A byte order mark is left out; of a file that is too long the last character may be cut. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
