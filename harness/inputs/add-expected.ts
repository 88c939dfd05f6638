/** Puts expectations into the text of a scenario file and leaves every other character of it as it is. */
import { isMap, isScalar, isSeq, parseDocument, stringify } from "yaml";
import type { Pair, ParsedNode, YAMLSeq } from "yaml";
import type { CellResult } from "../model/cell";
import { UsageError } from "../model/errors";
import type { ExpectedOutcome } from "../model/scenario";
import type { SourceText } from "./yaml-document";

/** The part of a report's cell that is written down. Reading the file checks that its cause is a known one. */
type WrittenOutcome = Omit<ExpectedOutcome, "cause"> & Pick<CellResult, "cause">;

/**
 * Adds an entry for each expectation at the end of `expect`, where the last that matches a cell holds; an entry for the same glob
 * goes. The file must be a valid scenario.
 * @throws UsageError `expect-not-a-list` where `expect` is written in a way that text cannot be added to.
 */
export function addExpected(source: SourceText, expectations: readonly WrittenOutcome[]): string {
  if (expectations.length === 0) return source.text;
  const globs = new Set(expectations.map(({ cells }) => cells));
  const pair = expectPair(source.text);
  const entries = expectations.map(({ cells, result, stage, cause, reason }) => ({
    cells,
    result,
    ...(stage === null ? {} : { stage }),
    ...(cause === null ? {} : { cause }),
    reason,
  }));
  const added = indented(stringify(entries, { lineWidth: 0 }), pair === null ? 2 : columnOf(source.text, pair));
  if (pair === null) return `${endingInLine(source.text)}expect:\n${added}`;
  if (!isSeq(pair.value) || (pair.value.flow === true && pair.value.items.length > 0)) {
    throw new UsageError(`${source.file}: expect is not written as a list of lines`, {
      code: "expect-not-a-list",
      hint: "Write one `- cells: ...` for each entry.",
    });
  }
  return spliced(source.text, pair.value, globs, added);
}

function expectPair(text: string): Pair<ParsedNode, ParsedNode | null> | null {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) return null;
  return contents.items.find(({ key }) => isScalar(key) && key.value === "expect") ?? null;
}

/** How far the entries of the list are indented. */
function columnOf(text: string, { value }: Pair<ParsedNode, ParsedNode | null>): number {
  if (!isSeq(value) || value.flow === true) return 2;
  const start = value.range[0];
  return start - (text.lastIndexOf("\n", start - 1) + 1);
}

function spliced(text: string, list: YAMLSeq.Parsed, globs: ReadonlySet<string>, added: string): string {
  const [from, to] = list.range;
  if (list.flow === true)
    return `${text.slice(0, from).trimEnd()}\n${added}${text.slice(to).replace(/^[^\n]*\n?/, "")}`;
  const starts = list.items.map((item) => text.lastIndexOf("\n", item.range[0] - 1) + 1);
  const end = lineAfter(text, to);
  const kept = list.items.flatMap((item, index) => {
    const cells = isMap(item) ? item.get("cells") : null;
    const isOld = typeof cells === "string" && globs.has(cells);
    return isOld ? [] : [text.slice(starts[index], starts[index + 1] ?? end)];
  });
  return `${text.slice(0, starts[0] ?? end)}${endingInLine(kept.join(""))}${added}${text.slice(end)}`;
}

/** The range of a list may end with its last line's feed, or before it. */
function lineAfter(text: string, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const feed = text.indexOf("\n", offset);
  return feed < 0 ? text.length : feed + 1;
}

function endingInLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function indented(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(columns));
}
