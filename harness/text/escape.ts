/**
 * Makes foreign text (replies, error messages, file names) harmless to show. A server chooses what it replies, so a reply may
 * carry terminal commands, text that runs backwards, or HTML.
 */

/** Longest foreign text that a report shows; the evidence has the rest. */
const shownLength = 300;

/**
 * What does not show as itself: controls, surrogates without a partner, format characters (bidi, zero width, tags), and the
 * line and paragraph separators.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function visibleCharacter(character: string): string {
  if (!invisible.test(character)) return character;
  const name = named[character];
  if (name !== undefined) return name;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}

/**
 * One line that is safe on a terminal: what is invisible gets a visible form such as `\x1b`, and what is longer than `limit`
 * characters is cut with `…`. It never cuts within an escape and never reads further than it shows.
 */
export function visible(text: string, limit = shownLength): string {
  if (text.length <= limit && !invisible.test(text)) return text;
  const shown: string[] = [];
  let length = 0;
  for (const character of text) {
    const form = visibleCharacter(character);
    length += form.length;
    if (length > limit) return withEllipsis(shown, limit);
    shown.push(form);
  }
  return shown.join("");
}

/** What of the shown forms leaves room for the ellipsis. */
function withEllipsis(shown: readonly string[], limit: number): string {
  let length = 0;
  const firstOver = shown.findIndex((form) => (length += form.length) >= limit);
  return `${shown.slice(0, firstOver < 0 ? shown.length : firstOver).join("")}…`;
}

/** ASCII only, for terminals that are not UTF-8; `…` and what else is not ASCII gets a readable or visible form. */
export function toAscii(text: string): string {
  return text.replace(/\P{ASCII}/gu, (character) => {
    const substitute = substitutes[character];
    return substitute ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

const substitutes: Readonly<Record<string, string>> = { "…": "...", "·": "|", "×": "x" };

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Entities and not backslashes: they hold in tables, in raw HTML and in text alike. */
function entity(character: string): string {
  return entities[character] ?? `&#${String(character.codePointAt(0))};`;
}

/**
 * Foreign text for Markdown, in a paragraph, list or table: nothing in it is read as Markdown or HTML, and neither as an
 * address, mention or formula that GitHub would make a link or picture of.
 */
export function markdownText(text: string, limit = shownLength): string {
  return visible(text, limit)
    .replace(/[&<>"'`*_[\]|~\\$@#]/g, entity)
    .replace(/:(?=\/\/)/g, entity)
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}&#46;`);
}

/** Foreign text in a fixed-width face. GitHub makes no mention or link within `<code>`. */
export function markdownCode(text: string, limit = shownLength): string {
  const shown = visible(text, limit);
  if (shown === "") return "";
  const plain = !/[`<>&|\\]/.test(shown) && shown.trim() === shown;
  return plain ? `\`${shown}\`` : `<code>${markdownText(text, limit)}</code>`;
}
