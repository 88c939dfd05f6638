/** GitHub Actions annotations: workflow commands, which the runner takes from a step's output. */
import type { CellResult } from "../harness/model/cell";
import type { MatrixReport } from "../harness/model/report";
import { verdictText } from "./claim-words";
import { deviationsOf } from "./deviations";
import { visible } from "../harness/text/escape";
import { thousands } from "../harness/text/quantity";
import { rerunCell, type Started } from "./rerun";
import { resultText } from "./wording";

/** GitHub shows no more than ten of a kind for each step. */
const shownAnnotations = 10;

type Annotation = { readonly level: "error" | "warning" | "notice"; readonly title: string; readonly text: string };

/** One line an annotation: the worst ten, then how many more there are; nothing where all is as expected. */
export function annotationLines(report: MatrixReport): readonly string[] {
  const deviations = deviationsOf(report.cells).filter(({ cell }) => cell.outcome !== "skipped");
  const all: readonly (Annotation & { readonly count: number })[] = [
    ...deviations.map(({ cell, alike }) => ({ ...annotationOf(cell, alike, report.run), count: 1 + alike })),
    ...report.claims
      .filter(({ outcome }) => outcome === "contradicted")
      .map((claim) => ({ level: "error" as const, title: verdictText(claim), text: claim.text, count: 1 })),
  ];
  const rest = all.slice(shownAnnotations).reduce((sum, { count }) => sum + count, 0);
  const more: readonly Annotation[] =
    rest === 0
      ? []
      : [{ level: "notice", title: "ftp-nat-matrix", text: `and ${thousands(rest)} more not as expected` }];
  return [...all.slice(0, shownAnnotations), ...more].map(commandText);
}

function annotationOf(cell: CellResult, alike: number, run: Started): Annotation {
  const more = alike === 0 ? "" : ` and ${alike} more of ${cell.topology}`;
  const message = cell.message === null ? [] : [visible(cell.message)];
  return {
    level: cell.outcome === "flaky" ? "warning" : "error",
    title: `${cell.outcome} ${cell.id}${more}`,
    text: [
      `expected ${visible(resultText(cell.expected))}, got ${visible(resultText(cell))}`,
      ...message,
      `again: ${visible(rerunCell(cell, run), 2000)}`,
    ].join("\n"),
  };
}

/** A percent sign starts an escape; a line feed would end the command, a colon or comma a property. */
function commandText({ level, title, text }: Annotation): string {
  const value = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = visible(title).replaceAll("%", "%25").replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${property}::${value}`;
}

/**
 * Text for a log that GitHub's runner reads. Its older form of commands, `##[name]`, is obeyed anywhere in a line, so that a
 * server's reply could end the step's log or set its state.
 */
export function withoutCommands(text: string): string {
  return text.replaceAll("##[", "## [");
}
