import { createColors } from "picocolors";
import { terminalTraits } from "../../reports";
import { explainText } from "../../reports/explain-text";
import { timelineText } from "../evidence/timeline/timeline-text";
import { timelineOf } from "../evidence/timeline/timeline";
import type { CellEvidence } from "../model/evidence";
import type { Diagnosis } from "../model/diagnosis";

export type ExplanationOptions = {
  readonly json: boolean;
  /** Everything, however many lines it takes. */
  readonly all: boolean;
};

/** Columns where the output is no terminal. */
const usualColumns = 100;

/** Prints why a cell failed or worked, as wide as the terminal is, or as JSON. */
export function printExplanation(evidence: CellEvidence, diagnosis: Diagnosis, options: ExplanationOptions): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ evidence, diagnosis, timeline: timelineOf(evidence) }, null, 2)}\n`);
    return;
  }
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const columns = process.stdout.isTTY ? process.stdout.columns : usualColumns;
  process.stdout.write(
    explainText(evidence, diagnosis, { colours: createColors(colour), unicode, columns, all: options.all }),
  );
  if (options.all) process.stdout.write(`\n${timelineText(timelineOf(evidence), { unicode, columns })}`);
}
