/** What a run prints at its end: the matrix, then what was not as expected, then one line that sums it up. */
import type { CellResult } from "../harness/model/cell";
import type { MatrixReport } from "../harness/model/report";
import type { Colors } from "picocolors/types";
import { evidenceText, verdictText } from "./claim-words";
import type { Deviation } from "./deviations";
import { deviationsOf } from "./deviations";
import { toAscii, visible } from "../harness/text/escape";
import type { Grid } from "./grid";
import { gridsOf } from "./grid";
import { tableLines } from "./matrix-table";
import { counted, duration, thousands } from "../harness/text/quantity";
import { rerunCell, rerunTopology, type Started } from "./rerun";
import type { Symbols } from "./symbols";
import { legendOf, symbolsFor } from "./symbols";
import { lineWidth, paintLine, span, type Paint, type Span } from "../harness/text/width";
import { claimsText, controlsText, outcomeCounts, resultCounts, resultText } from "./wording";
import { wrap } from "../harness/text/wrap";

/** A terminal's history is short; the reports in files list more. */
const shownDeviations = 40;

/** The core matrix is just as wide. */
const legendWidth = 100;

export type TextOptions = {
  /** Made by picocolors' `createColors`. */
  readonly colours: Colors;
  /** `false` keeps the text to ASCII. */
  readonly unicode: boolean;
  /** Where the other reports of this run are, if anywhere. */
  readonly folder?: string | null;
  /** Of the terminal; left out if lines may be of any length. */
  readonly columns?: number | undefined;
};

type Style = { readonly colours: Colors; readonly symbols: Symbols };

type Line = readonly Span[];

/** The report for a terminal; ends with a line feed. */
export function matrixText(report: MatrixReport, options: TextOptions): string {
  const style: Style = { colours: options.colours, symbols: symbolsFor(options.unicode) };
  const grids = gridsOf(report.cells);
  const blocks = [
    ...grids.map((grid) => gridBlock(grid, style)),
    ...(grids.length === 0 ? [] : [legendBlock(grids, style)]),
    ...claimBlocks(report, style),
    ...deviationBlocks(report, style),
    ...controlBlocks(report, style),
    summaryBlock(report, style, options),
  ];
  const text = `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
  return options.unicode ? text : toAscii(text);
}

function gridBlock(grid: Grid, style: Style): readonly string[] {
  const { bold, dim } = style.colours;
  const title = `${bold(visible(grid.server))} ${dim("server,")} ${bold(visible(grid.client))} ${dim("client")}`;
  const lines = tableLines(grid, style).map((line) => paintLine(line, Infinity));
  return [title, "", ...lines];
}

function legendBlock(grids: readonly Grid[], { colours, symbols }: Style): readonly string[] {
  const lines: string[][] = [[]];
  let used = 0;
  for (const [symbol, meaning] of legendOf(grids, symbols)) {
    used += symbol.length + meaning.length + 4;
    if (used > legendWidth) {
      lines.push([]);
      used = symbol.length + meaning.length + 4;
    }
    lines.at(-1)?.push(`${colours.bold(symbol)} ${colours.dim(meaning)}`);
  }
  return lines.map((parts) => parts.join("   "));
}

function claimBlocks({ claims }: MatrixReport, { colours, symbols }: Style): readonly (readonly string[])[] {
  if (claims.length === 0) return [];
  const blocks = claims.map((claim) => {
    const paint = claim.outcome === "confirmed" ? colours.bold : colours.red;
    const lines = claim.evidence.flatMap((evidence) => {
      const { speaks, cells, result, count, otherwise } = evidenceText(evidence);
      return [
        `    ${colours.dim(speaks.padEnd(7))} ${visible(cells)}  ${visible(result)} ${colours.dim(`(${count})`)}`,
        ...otherwise
          .slice(0, shownDeviations)
          .map((cell) => colours.red(`            ${symbols.failed} ${visible(cell)}`)),
      ];
    });
    const text = visible(claim.text, Infinity);
    return [`  ${paint(visible(verdictText(claim)))}: ${text}`, `    ${visible(claim.because, Infinity)}`, ...lines];
  });
  return [[colours.bold("Claims")], ...blocks];
}

function deviationBlocks(report: MatrixReport, style: Style): readonly (readonly string[])[] {
  const deviations = deviationsOf(report.cells);
  if (deviations.length === 0) return [];
  const cells = deviations.reduce((count, { alike }) => count + 1 + alike, 0);
  const rest = deviations.slice(shownDeviations).reduce((count, { alike }) => count + 1 + alike, 0);
  return [
    [style.colours.bold(`Not as expected: ${counted(cells, "cell")}`)],
    ...deviations.slice(0, shownDeviations).map((deviation) => deviationLines(deviation, report.run, style)),
    ...(rest === 0 ? [] : [[`... and ${counted(rest, "more cell")}, listed in report.md and report.json`]]),
  ];
}

function deviationLines({ cell, alike }: Deviation, run: Started, style: Style): readonly string[] {
  const { bold, dim } = style.colours;
  const more = alike === 0 ? "" : dim(` and ${thousands(alike)} more of ${visible(cell.topology)}`);
  const repeat = cell.repeat > 1 ? dim(` (repeat ${cell.repeat})`) : "";
  const row = (label: string, text: string): string => `    ${dim(label.padEnd(9))} ${text}`;
  const message = cell.message === null ? [] : [row("message", visible(cell.message))];
  return [
    `  ${outcomeBadge(cell, style)} ${bold(visible(cell.id))}${repeat}${more}`,
    row("expected", expectedText(cell)),
    row("got", gotText(cell)),
    ...message,
    row("again", visible(alike === 0 ? rerunCell(cell, run) : rerunTopology(cell, run), Infinity)),
  ];
}

function expectedText({ expected }: CellResult): string {
  const reason = expected.reason === "" ? "" : `: ${visible(expected.reason)}`;
  return `${visible(resultText(expected))}${reason}`;
}

function gotText(cell: CellResult): string {
  const reply = cell.replyCode === null ? "" : `, last reply ${cell.replyCode}`;
  const attempts = cell.attempts > 1 ? `, after ${cell.attempts} attempts` : "";
  return `${visible(resultText(cell))}${reply}${attempts}`;
}

function outcomeBadge({ outcome }: CellResult, { colours, symbols }: Style): string {
  switch (outcome) {
    case "unexpected":
      return colours.inverse(colours.bold(colours.red(`${symbols.unexpected} unexpected`)));
    case "lab-error":
      return colours.bold(colours.magenta(`${symbols.labError} lab-error`));
    case "flaky":
      return colours.bold(colours.yellow(`${symbols.flaky} flaky`));
    case "skipped":
      return colours.cyan(`${symbols.skipped} skipped`);
    case "expected":
      return colours.green(symbols.worked);
  }
}

function controlBlocks(report: MatrixReport, { colours }: Style): readonly (readonly string[])[] {
  const failed = report.controls.filter((control) => control.outcome === "failed");
  if (failed.length === 0) return [];
  const lines = failed.slice(0, shownDeviations).map(({ id, detail }) => {
    return `  ${colours.bold(colours.magenta(visible(id)))}  ${visible(detail)}`;
  });
  const rest = failed.length - lines.length;
  const more = rest === 0 ? [] : [`  ... and ${counted(rest, "more control")}`];
  return [[colours.bold("Failed controls, which void their lab's cells"), ...lines, ...more]];
}

const shownVersions = 20;

/** What was tested. */
function versionParts({ run }: MatrixReport, { colours }: Style): readonly Line[] {
  const versions = Object.entries(run.versions).slice(0, shownVersions);
  const words = versions.map(([name, version]) => span(`${visible(name)} ${visible(version)}`));
  return words.map((one, index) => (index === 0 ? [span("Versions:", colours.dim), span(" "), one] : [one]));
}

function summaryBlock(
  report: MatrixReport,
  style: Style,
  { folder, columns = Infinity }: TextOptions,
): readonly string[] {
  const { colours, symbols } = style;
  const { summary, run } = report;
  const counts = outcomeCounts(summary).flatMap(({ outcome, text }, index) => {
    const paint = outcome === "expected" ? colours.green : warning(colours.red, colours);
    const count = span(text, summary.outcomes[outcome] === 0 ? colours.dim : paint);
    return index === 0 ? [count] : [span(", "), count];
  });
  const parts: readonly Line[] = [
    [span(`${counted(summary.total, "cell")}:`, colours.bold), span(" "), ...counts],
    [span(controlsText(summary), summary.controls.failed > 0 ? warning(colours.red, colours) : undefined)],
    ...claimsText(report).map((text) => [span(text)]),
    [span(duration(run.durationMs))],
    ...(run.interrupted ? [[span("interrupted", warning(colours.yellow, colours))]] : []),
  ];
  return [
    // A path is copied whole.
    ...(folder === undefined || folder === null ? [] : [`${colours.dim("Reports and evidence:")} ${visible(folder)}`]),
    ...dotted(versionParts(report, style), symbols.dot, columns),
    ...wrap(resultCounts(report, symbols.dot), columns),
    ...dotted(parts, symbols.dot, columns),
  ];
}

function warning(paint: Paint, { bold }: Colors): Paint {
  return (text) => bold(paint(text));
}

/** Parts with dots between them, on as many lines as they need, and no part on two. */
function dotted(parts: readonly Line[], dot: string, columns: number): readonly string[] {
  const lines: Line[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : [...last, span(` ${dot} `), ...part];
    if (last === undefined || lineWidth(longer) <= columns) lines.splice(-1, 1, longer);
    else lines.push(part);
  }
  return lines.map((line) => paintLine(line, Infinity));
}
