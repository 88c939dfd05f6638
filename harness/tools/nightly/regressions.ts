/** What of a night's report deserves an issue: cells that fail, work or break together, in one way, in one network. */
import { createHash } from "node:crypto";
import type { CellResult } from "../../model/cell";
import type { MatrixReport } from "../../model/report";
import { markdownCode, markdownText } from "../../text/escape";
import { groupBy } from "../../../reports/group-by";
import { counted } from "../../text/quantity";
import { rerunTopology } from "../../../reports/rerun";
import { resultText } from "../../../reports/wording";

export type Regression = {
  /** 12 hex digits that follow from the cells, what happened to them, the stage and the cause. */
  readonly fingerprint: string;
  readonly title: string;
  /** Markdown, without the mark that finds it again. */
  readonly body: string;
};

/** GitHub takes 65,536 characters, and an issue is read by people. */
const shownCells = 50;

/** The night's regressions, in the order of its cells. */
export function regressionsOf(report: MatrixReport): readonly Regression[] {
  const wrong = report.cells.filter(({ outcome }) => outcome === "unexpected" || outcome === "lab-error");
  return groupBy(wrong, fateOf).map((cells) => {
    const ids = [...new Set(cells.map(({ id }) => id))];
    const fingerprint = createHash("sha256")
      .update(JSON.stringify([fateOf(cells[0]), ...[...ids].sort()]))
      .digest("hex")
      .slice(0, 12);
    return { fingerprint, title: titleOf(cells[0], ids.length), body: bodyOf(cells[0], ids, report) };
  });
}

/** Cells that share it have come to the same in the same network. */
function fateOf({ topology, outcome, result, stage, cause }: CellResult): string {
  return JSON.stringify([topology, outcome, result, stage, cause]);
}

function titleOf(cell: CellResult, count: number): string {
  const verdict = cell.outcome === "lab-error" ? "the lab broke" : resultText(cell);
  // A title is plain text to GitHub; only its length and what does not show must be seen to.
  return markdownFree(`${cell.topology}: ${counted(count, "cell")} ${verdict}`);
}

function markdownFree(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
}

function bodyOf(cell: CellResult, ids: readonly string[], { run }: MatrixReport): string {
  const rest = ids.length - shownCells;
  const versions = Object.entries(run.versions).map(
    ([name, version]) => `${markdownText(name)} ${markdownCode(version)}`,
  );
  return [
    `Expected ${markdownText(resultText(cell.expected))}: ${markdownText(cell.expected.reason)}`,
    `Got ${markdownText(cell.outcome === "lab-error" ? "a broken lab" : resultText(cell))}.`,
    ...(cell.message === null ? [] : [`Message: ${markdownCode(cell.message)}`]),
    `Again: ${markdownCode(rerunTopology(cell, run), 2000)}`,
    ids
      .slice(0, shownCells)
      .map((id) => `- ${markdownCode(id)}`)
      .join("\n") + (rest > 0 ? `\n- ... and ${counted(rest, "more cell")}` : ""),
    `First seen in run ${markdownCode(run.id)}, with ${versions.slice(0, 30).join(", ")}.`,
  ].join("\n\n");
}
