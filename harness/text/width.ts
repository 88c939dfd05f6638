/**
 * Widths of text on a terminal, in columns. `string-width` 4, the last version that is no ES module, gives a column to combining
 * marks beyond U+036F, so Arabic, Hebrew, Thai and Devanagari come out too wide.
 */

/** East Asian wide and full-width blocks (Unicode TR 11), as far as a message may hold them. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

function characterWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/\p{M}/u.test(character)) return 0;
  const wide = wideRanges.some(([first, last]) => code >= first && code <= last);
  return wide || /\p{Emoji_Presentation}/u.test(character) ? 2 : 1;
}

/** Columns that a text without control characters takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Fills a text with spaces on its right up to a width. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

export type Paint = (text: string) => string;

/** A piece of a line: its text apart from its colour, so that cutting a line never cuts a colour code. */
export type Span = { readonly text: string; readonly paint?: Paint | undefined };

export function span(text: string, paint?: Paint): Span {
  return { text, paint };
}

export function lineWidth(line: readonly Span[]): number {
  return line.reduce((width, piece) => width + displayWidth(piece.text), 0);
}

/** A line without the spaces at its end, painted or not. */
export function trimLine(line: readonly Span[]): readonly Span[] {
  const last = line.findLastIndex((piece) => piece.text.trim() !== "");
  return line
    .slice(0, last + 1)
    .map((piece, index) => (index === last ? { ...piece, text: piece.text.trimEnd() } : piece));
}

/** A line cut to a width and painted. */
export function paintLine(line: readonly Span[], width: number): string {
  let left = width;
  let painted = "";
  for (const { text, paint } of line) {
    const cut = cutTo(text, left);
    left -= displayWidth(cut);
    painted += paint === undefined || cut === "" ? cut : paint(cut);
    if (cut.length < text.length) break;
  }
  return painted;
}

function cutTo(text: string, width: number): string {
  let cut = "";
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) return cut;
    cut += character;
  }
  return cut;
}
