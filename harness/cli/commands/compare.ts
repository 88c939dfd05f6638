import { Command } from "@commander-js/extra-typings";
import { createColors } from "picocolors";
import { terminalTraits } from "../../../reports";
import { compareReports, hasRegressed } from "../../../reports/compare";
import { compareJson, compareText } from "../../../reports/compare-text";
import { exitCodes } from "../../model/errors";
import { readReport } from "../../../reports/read-report";
import type { DeclareCommand } from "../command";

export const command: DeclareCommand = ({ finish }) =>
  new Command("compare")
    .summary("show what changed between two runs")
    .description(
      "show what changed between two runs: regressions, fixes, new and gone cells; exits with 1 on a regression",
    )
    .argument("<before>", "folder of a run, or a report.json")
    .argument("<after>", "the same")
    .option("--json", "print JSON, for machines")
    .action((before, after, { json = false }) => {
      finish(runCompare(before, after, { json }));
    });

/** `compare`: what changed between two runs; exit code 1 where something is worse. */
function runCompare(before: string, after: string, { json }: { readonly json: boolean }): number {
  const comparison = compareReports(readReport(before), readReport(after));
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const options = { colours: createColors(colour), unicode };
  process.stdout.write(json ? compareJson(comparison) : compareText(comparison, options));
  return hasRegressed(comparison) ? exitCodes.unexpected : exitCodes.expected;
}
