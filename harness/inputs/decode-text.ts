/** Reads the bytes of a user's file: UTF-8 or UTF-16, with any line ends, which become line feeds; `null` where it is no text. */
export function decodedText(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  // A byte order mark is left out; of a file that is too long the last character may be cut.
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes("\0") ? null : text.replace(/\r\n?/g, "\n");
}
