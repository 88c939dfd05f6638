/** Draws a grid for a terminal: topologies down, modes across, and in each entry the data commands side by side. */
import type { Mode } from "../harness/model/axes";
import type { Colors } from "picocolors/types";
import { visible } from "../harness/text/escape";
import type { Entry, Grid, GridRow } from "./grid";
import type { Symbols } from "./symbols";
import { entrySymbol, markSymbol } from "./symbols";
import type { Paint, Span } from "../harness/text/width";
import { displayWidth, lineWidth, padTo, span, trimLine } from "../harness/text/width";

/** Each data command takes its sign and a place for a mark, so that a mark shows which of them it means. */
const entryWidth = 2;
const columnGap = 1;

/** A mode id on two lines, or one column would be as wide as `ftps-ccc-clear-data`. */
const modeHeads: Readonly<Record<Mode, readonly [string, string]>> = {
  ftp: ["", "ftp"],
  ftps: ["", "ftps"],
  "ftps-clear-data": ["ftps-", "clear-data"],
  "ftps-implicit": ["ftps-", "implicit"],
  "ftps-ccc": ["ftps-", "ccc"],
  "ftps-ccc-clear-data": ["ftps-ccc-", "clear-data"],
  "ftps-ccc-unprimed": ["ftps-ccc-", "unprimed"],
};

export type Style = { readonly colours: Colors; readonly symbols: Symbols };

/** The lines of a table, heads first. */
export function tableLines(grid: Grid, style: Style): readonly (readonly Span[])[] {
  const heads = grid.modes.map((mode) => modeHeads[mode]);
  const dataWidth = grid.data.length === 1 ? 4 : grid.data.length * entryWidth;
  const columns = heads.map((head) => Math.max(dataWidth, ...head.map(displayWidth)) + columnGap);
  const stub = Math.max(...grid.rows.map((row) => displayWidth(visible(row.topology)))) + 2;
  const rows = grid.rows.map((row) => rowLine(row, columns, stub, style));
  const width = stub + columns.reduce((sum, column) => sum + column, 0) - columnGap;
  return [
    ...headLines(heads, columns, stub, style),
    ...dataLines(grid, columns, stub, style),
    [span(style.symbols.rule.repeat(width), style.colours.dim)],
    ...rows,
  ];
}

function headLines(
  heads: readonly (readonly [string, string])[],
  columns: readonly number[],
  stub: number,
  { colours }: Style,
): readonly (readonly Span[])[] {
  const lines = [heads.map(([first]) => first), heads.map(([, second]) => second)];
  return lines
    .filter((line) => line.some((word) => word !== ""))
    .map((line) => inColumns(stub, line, columns, colours.bold));
}

/** The data commands stand upright above their signs, `p a s v` from top to bottom; a single one has room to lie. */
function dataLines(
  grid: Grid,
  columns: readonly number[],
  stub: number,
  { colours }: Style,
): readonly (readonly Span[])[] {
  const everywhere = (words: string): readonly Span[] => {
    const repeated = columns.map(() => words);
    return inColumns(stub, repeated, columns, colours.dim);
  };
  const [first = "", ...others] = grid.data;
  if (others.length === 0) return [everywhere(first)];
  return [0, 1, 2, 3].map((letter) =>
    everywhere(grid.data.map((data) => data.charAt(letter)).join(" ".repeat(entryWidth - 1))),
  );
}

function inColumns(stub: number, words: readonly string[], columns: readonly number[], paint: Paint): readonly Span[] {
  const heads = words.flatMap((word, index) => [span(word, paint), gap((columns[index] ?? 0) - displayWidth(word))]);
  return trimLine([gap(stub), ...heads]);
}

function gap(width: number): Span {
  return span(" ".repeat(Math.max(0, width)));
}

function rowLine(row: GridRow, columns: readonly number[], stub: number, style: Style): readonly Span[] {
  const entries = row.entries.flatMap((group, index) => {
    const drawn = group.flatMap((entry) => entrySpans(entry, style));
    return [...drawn, gap((columns[index] ?? 0) - lineWidth(drawn))];
  });
  return trimLine([span(padTo(visible(row.topology), stub)), ...entries]);
}

function entrySpans(entry: Entry, style: Style): readonly Span[] {
  const paint = entryPaint(entry, style.colours);
  const mark = markSymbol(entry, style.symbols);
  return [span(entrySymbol(entry, style.symbols) + mark, paint), gap(mark === "" ? 1 : 0)];
}

function entryPaint(entry: Entry, colours: Colors): Paint {
  if (entry.mark === "unexpected") return (text) => colours.inverse(colours.bold(colours.red(text)));
  if (entry.mark === "flaky") return (text) => colours.bold(colours.yellow(text));
  switch (entry.kind) {
    case "worked":
      return colours.green;
    case "failed":
      return colours.red;
    case "mixed":
    case "partial":
      return colours.yellow;
    case "lab-error":
      return (text) => colours.bold(colours.magenta(text));
    case "skipped":
      return colours.cyan;
    case "absent":
      return colours.dim;
  }
}
