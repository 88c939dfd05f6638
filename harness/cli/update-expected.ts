import { readFileSync, writeFileSync } from "node:fs";
import type { CellResult } from "../model/cell";
import { UsageError } from "../model/errors";
import type { MatrixReport } from "../model/report";
import type { ExpectedOutcome } from "../model/scenario";
import { addExpected } from "../inputs/add-expected";
import { parseScenario } from "../inputs/scenario-file";
import { counted } from "../text/quantity";
import type { CellChoice } from "./cell-choice";
import { isScenarioFile, type Selection } from "./select-cells";

/** @throws UsageError `no-scenario-file` where there is no file to write expectations into. */
export function refuseWithoutScenario({ sources }: CellChoice): void {
  if (sources.some(isScenarioFile)) return;
  throw new UsageError("--update-expected: there is no scenario file to write to.", {
    code: "no-scenario-file",
    hint: "Name one: npm run matrix -- scenarios/smoke.yaml --update-expected",
  });
}

/**
 * Writes what cells did that were not as expected into the scenario they are of, and says so on stderr. A cell named by several
 * sources is the first one's, as for what is expected of it.
 */
export function updateExpected(
  report: MatrixReport,
  { scenarios, known }: Pick<Selection, "scenarios" | "known">,
): void {
  const surprises = surprisesOf(report.cells);
  const taken = new Set<string>();
  for (const { file, cells } of scenarios) {
    const mine = [...cells].filter((id) => surprises.has(id) && !taken.has(id));
    for (const id of cells) taken.add(id);
    if (mine.length === 0) continue;
    const source = { file, text: readFileSync(file, "utf8") };
    const text = addExpected(
      source,
      mine.flatMap((id) => expectedFrom(surprises.get(id), report.run.id)),
    );
    // What cannot be read back is not written: a file has only so much room.
    parseScenario({ file, text }, known);
    writeFileSync(file, text);
    process.stderr.write(`${file}: ${counted(mine.length, "cell")} now expected as seen; write the reason for each\n`);
  }
}

/** A repeated cell that came to different ends has none to be expected. */
function surprisesOf(cells: readonly CellResult[]): ReadonlyMap<string, CellResult> {
  const surprises = new Map(cells.filter(({ outcome }) => outcome === "unexpected").map((cell) => [cell.id, cell]));
  for (const { id, result, stage, cause } of cells) {
    const surprise = surprises.get(id);
    const isSame = surprise?.result === result && surprise.stage === stage && surprise.cause === cause;
    if (!isSame) surprises.delete(id);
  }
  return surprises;
}

function expectedFrom(
  cell: CellResult | undefined,
  run: string,
): readonly (Omit<ExpectedOutcome, "cause"> & Pick<CellResult, "cause">)[] {
  if (cell === undefined) return [];
  const { id, result, stage, cause } = cell;
  return [{ cells: id, result, stage, cause, reason: `Seen in run ${run}; not explained yet.` }];
}
