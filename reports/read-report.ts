import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseReport } from "./parse-report";
import { UsageError, messageOf } from "../harness/model/errors";
import type { MatrixReport } from "../harness/model/report";

/**
 * Reads the report of a run's folder, or a report.json itself.
 * @throws UsageError `report-unreadable`, or what `parseReport` finds.
 */
export function readReport(path: string): MatrixReport {
  let file = path;
  let text: string;
  try {
    if (statSync(path).isDirectory()) file = join(path, "report.json");
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const why = messageOf(cause);
    throw new UsageError(`cannot read ${file}: ${why}`, {
      code: "report-unreadable",
      hint: "Name the folder of a run, such as reports/out/latest, or its report.json.",
      cause,
    });
  }
  return parseReport(text, file);
}
