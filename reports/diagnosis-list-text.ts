/** What `diagnose` prints of several recordings: one line each, and how many have which cause. */
import type { Colors } from "picocolors/types";
import type { CellEvidence } from "../harness/model/evidence";
import type { Diagnosis } from "../harness/model/diagnosis";
import { toAscii, visible } from "../harness/text/escape";
import { counted, thousands } from "../harness/text/quantity";
import { symbolsFor } from "./symbols";
import { padTo } from "../harness/text/width";
import { resultText } from "./wording";

/** A recording that could be read, and what it says. */
export type DiagnosedCell = { readonly evidence: CellEvidence; readonly diagnosis: Diagnosis };

/** One line for each cell with its cause and explanation, then a summary; `unusable` recordings are only counted. */
export function diagnosisListText(
  cells: readonly DiagnosedCell[],
  unusable: number,
  { colours, unicode }: { readonly colours: Colors; readonly unicode: boolean },
): string {
  const symbols = symbolsFor(unicode);
  const verdicts = cells.map(({ evidence: { attempt }, diagnosis: { findings } }) =>
    resultText({ ...attempt, cause: findings[0]?.cause ?? null }),
  );
  const idWidth = widest(cells.map(({ evidence }) => visible(evidence.cell.id)));
  const verdictWidth = widest(verdicts);
  const lines = cells.map(({ evidence: { cell, attempt }, diagnosis }, index) => {
    const isFailed = attempt.result === "failed";
    const isWorked = attempt.result === "worked";
    const paint = isFailed ? colours.red : isWorked ? colours.green : colours.yellow;
    const symbol = isFailed ? symbols.failed : isWorked ? symbols.worked : symbols.skipped;
    const why = diagnosis.findings[0]?.explanation ?? diagnosis.whyItWorked ?? "";
    const verdict = paint(padTo(`${symbol} ${verdicts[index] ?? ""}`, verdictWidth + 2));
    return `${padTo(visible(cell.id), idWidth)}  ${verdict}  ${visible(why)}`.trimEnd();
  });
  const text = [...lines, "", summary(cells, unusable), ""].join("\n");
  return unicode ? text : toAscii(text);
}

/** `3 recordings: 1 worked, 2 failed (no-helper 1, unknown 1), 1 unusable`. */
function summary(cells: readonly DiagnosedCell[], unusable: number): string {
  const failed = cells.filter(({ evidence }) => evidence.attempt.result === "failed");
  const worked = cells.filter(({ evidence }) => evidence.attempt.result === "worked").length;
  const causes = new Map<string, number>();
  for (const { diagnosis } of failed) {
    const cause = diagnosis.findings[0]?.cause ?? "unknown";
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
  }
  const why = [...causes].sort((a, b) => b[1] - a[1]).map(([cause, count]) => `${cause} ${thousands(count)}`);
  const others = cells.length - worked - failed.length;
  const parts = [
    `${thousands(worked)} worked`,
    `${thousands(failed.length)} failed${why.length === 0 ? "" : ` (${why.join(", ")})`}`,
    ...(others > 0 ? [`${thousands(others)} not run or unsupported`] : []),
    ...(unusable > 0 ? [`${thousands(unusable)} unusable`] : []),
  ];
  return `${counted(cells.length + unusable, "recording")}: ${parts.join(", ")}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}
