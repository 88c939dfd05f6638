import { createColors } from "picocolors";
import { terminalTraits } from "../../reports";
import { compareReports, hasRegressed } from "../../reports/compare";
import { compareJson, compareText } from "../../reports/compare-text";
import { exitCodes } from "../model/errors";
import { readReport } from "../../reports/read-report";

/** `compare`: what changed between two runs; exit code 1 where something is worse. */
export function runCompare(before: string, after: string, { json }: { readonly json: boolean }): number {
  const comparison = compareReports(readReport(before), readReport(after));
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const options = { colours: createColors(colour), unicode };
  process.stdout.write(json ? compareJson(comparison) : compareText(comparison, options));
  return hasRegressed(comparison) ? exitCodes.unexpected : exitCodes.expected;
}
