import { Command } from "@commander-js/extra-typings";
import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { createColors } from "picocolors";
import { terminalTraits } from "../../../reports";
import { visible } from "../../text/escape";
import { diagnosisListText } from "../../../reports/diagnosis-list-text";
import { diagnose } from "../../diagnose/diagnose";
import { findRecordings, readRecording } from "../../evidence/recording/read-recording";
import { exitCodes, UsageError } from "../../model/errors";
import type { DeclareCommand } from "../command";
import { printExplanation, type ExplanationOptions } from "../print-explanation";
import { isBundle, unpackBundle } from "../unpack-bundle";

export const command: DeclareCommand = ({ finish }) =>
  new Command("diagnose")
    .summary("diagnose recorded evidence again")
    .description("diagnose recorded evidence again; needs no engine")
    .argument("<dir>", "a cell's recording, a folder with many, or a bundle")
    .option("--all", "show everything, however long")
    .option("--json", "print JSON, for machines")
    .action(async (dir, { all = false, json = false }) => {
      finish(await runDiagnose(dir, { all, json }));
    });

/**
 * `diagnose`: diagnoses what was recorded, a cell, a whole run or a bundle, without any lab. Names on stderr the recordings that cannot be used.
 * @throws UsageError `no-such-path`, `no-recording`, `no-usable-recording`, `unsafe-bundle`
 */
export async function runDiagnose(dir: string, options: ExplanationOptions): Promise<number> {
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

/** @param dir where the recordings are, as messages name it */
function diagnoseFolder(folder: string, dir: string, options: ExplanationOptions): number {
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
      hint: "The messages above say what is wrong with each.",
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
