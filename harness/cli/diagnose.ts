import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { createColors } from "picocolors";
import { terminalTraits } from "../../reports";
import { visible } from "../text/escape";
import { diagnosisListText } from "../../reports/diagnosis-list-text";
import { explainText } from "../../reports/explain-text";
import { timelineText } from "../evidence/timeline/timeline-text";
import { timelineOf } from "../evidence/timeline/timeline";
import { diagnose } from "../diagnose/diagnose";
import { findRecordings, readRecording } from "../evidence/recording/read-recording";
import { exitCodes, UsageError } from "../model/errors";
import type { CellEvidence } from "../model/evidence";
import type { Diagnosis } from "../model/diagnosis";
import { isBundle, unpackBundle } from "./unpack-bundle";

export type DiagnoseOptions = {
  readonly json: boolean;
  /** Everything, however many lines it takes. */
  readonly all: boolean;
};

/** Columns where the output is no terminal. */
const usualColumns = 100;

/**
 * `diagnose`: diagnoses what was recorded, a cell, a whole run or a bundle, without any lab. What cannot be used of a recording is
 * told on stderr.
 * @throws UsageError `no-such-path`, `no-recording`, `no-usable-recording`, `unsafe-bundle`
 */
export async function runDiagnose(dir: string, options: DiagnoseOptions): Promise<number> {
  if ((await stat(dir).catch(() => null)) === null) {
    throw new UsageError(`There is no ${visible(dir)}.`, {
      code: "no-such-path",
      hint: "Name the folder of a run: the newest is reports/out/latest.",
    });
  }
  if (!isBundle(dir)) return diagnoseFolder(dir, dir, options);
  const { folder, remove } = await unpackBundle(dir);
  try {
    return diagnoseFolder(folder, dir, options);
  } finally {
    remove();
  }
}

/** @param dir where the recordings are, as it is told to the user */
function diagnoseFolder(folder: string, dir: string, options: DiagnoseOptions): number {
  const paths = findRecordings(folder);
  if (paths.length === 0) {
    throw new UsageError(`${visible(dir)} holds no recording of a cell.`, {
      code: "no-recording",
      hint: "Name the folder of a run, or of a cell below its cells/; `run --evidence on` records every cell.",
    });
  }
  const cells = paths.flatMap((found) => {
    const { evidence, problems } = readRecording(found);
    const path = folder === dir ? found : `${dir}:${relative(folder, found)}`;
    for (const problem of problems) process.stderr.write(`${visible(path)}: ${problem}\n`);
    return evidence === null ? [] : [{ path, problems, evidence, diagnosis: diagnose(evidence) }];
  });
  const [first, ...others] = cells;
  if (first === undefined) {
    throw new UsageError(`None of the recordings in ${visible(dir)} can be used.`, {
      code: "no-usable-recording",
      hint: "What is wrong with each is told above.",
    });
  }
  if (options.json) {
    const recordings = cells.map(({ path, problems, evidence: { cell, attempt }, diagnosis }) =>
      JSON.stringify({ path, cell, result: attempt.result, stage: attempt.stage, diagnosis, problems }),
    );
    process.stdout.write(`{\n  "recordings": [\n    ${recordings.join(",\n    ")}\n  ]\n}\n`);
  } else if (others.length === 0 && paths.length === 1) {
    printExplanation(first.evidence, first.diagnosis, options);
  } else {
    const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
    const unusable = paths.length - cells.length;
    process.stdout.write(diagnosisListText(cells, unusable, { colours: createColors(colour), unicode }));
  }
  return exitCodes.expected;
}

/** Prints why a cell failed or worked, as wide as the terminal is, or as JSON. */
export function printExplanation(evidence: CellEvidence, diagnosis: Diagnosis, options: DiagnoseOptions): void {
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
