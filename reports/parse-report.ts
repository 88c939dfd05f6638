/** report.json as it is read back. */
import { UsageError, messageOf } from "../harness/model/errors";
import type { MatrixReport } from "../harness/model/report";
import { reportSchemaVersion } from "../harness/model/report";
import { visible } from "../harness/text/escape";
import { reportSchema } from "./report-schema";

/** Enough to see what kind of mistake it is. */
const shownProblems = 5;

/**
 * Reads a report back. `file` is only named in errors.
 * @throws UsageError `report-not-json`, `report-version` or `report-invalid`, which says what does not fit and where.
 */
export function parseReport(text: string, file: string): MatrixReport {
  const value = parseJson(text, file);
  refuseForeignVersion(value, file);
  const parsed = reportSchema.safeParse(value);
  const twice = parsed.success ? firstTwice(parsed.data.cells) : null;
  if (parsed.success && twice === null) return { ...parsed.data, schemaVersion: reportSchemaVersion };
  const issues = parsed.error?.issues ?? [{ path: ["cells"], message: `${twice ?? ""} is there more than once` }];
  const problems = issues
    .slice(0, shownProblems)
    .map((issue) => `  ${pathText(issue.path)}: ${visible(issue.message)}`);
  const rest = issues.length - problems.length;
  const more = rest === 0 ? [] : [`  ... and ${rest} more`];
  throw new UsageError([`${file} does not fit the shape of a report:`, ...problems, ...more].join("\n"), {
    code: "report-invalid",
    hint: "It may have been edited or written by another program; run the matrix again to make a new one.",
  });
}

/** The first cell that occurs twice in the same repeat; it would be unknown which of the two is true. */
function firstTwice(cells: MatrixReport["cells"]): string | null {
  const seen = new Set<string>();
  for (const { id, repeat } of cells) {
    const key = `${id} (repeat ${repeat})`;
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return null;
}

function parseJson(text: string, file: string): unknown {
  try {
    // Editors on Windows put a byte order mark in front, which JSON does not allow.
    return JSON.parse(text.replace(/^\ufeff/, "")) as unknown;
  } catch (cause) {
    const why = visible(messageOf(cause));
    throw new UsageError(`${file} is not JSON: ${why}`, {
      code: "report-not-json",
      hint: "Name a report.json or the folder of a run; a file cut short comes from a full disk or an unfinished copy.",
      cause,
    });
  }
}

function refuseForeignVersion(value: unknown, file: string): void {
  const version = typeof value === "object" && value !== null && "schemaVersion" in value ? value.schemaVersion : null;
  if (typeof version !== "string") {
    const why = version === null ? "it has no schemaVersion" : `its schemaVersion is not like "${reportSchemaVersion}"`;
    throw new UsageError(`${file} is not a report: ${why}`, {
      code: "report-invalid",
      hint: "Name a report.json that this program wrote.",
    });
  }
  const [known = ""] = reportSchemaVersion.split(".");
  if (version.split(".")[0] === known) return;
  throw new UsageError(`${file} has schema version ${visible(version)}, and this program reads ${known}.x`, {
    code: "report-version",
    hint: "Read it with the version of ftp-nat-matrix that wrote it, or run the matrix again.",
  });
}

/** `cells[3].stage`. */
function pathText(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${visible(String(step))}`));
  return steps.join("").replace(/^\./, "") || "the whole file";
}
