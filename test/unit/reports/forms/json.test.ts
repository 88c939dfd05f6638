import { UsageError } from "../../../../harness/model/errors";
import { reportSchemaVersion } from "../../../../harness/model/report";
import { buildReport } from "../../../../harness/run/build-report";
import { reportJson } from "../../../../reports/forms/json";
import { parseReport } from "../../../../reports/parse-report";
import { allExpected, cellOf, coreCells, resultOf, runInfo, withTroubles } from "../../../support/make-report";

type Loose = Record<string, unknown> & { run: Record<string, unknown>; cells: Record<string, unknown>[] };

/** A small report as text, changed by hand. */
function changed(change: (report: Loose) => void): string {
  const report = buildReport(runInfo, [resultOf(cellOf("direct", "ftp", "pasv", "list"))], []);
  const loose = JSON.parse(reportJson(report)) as Loose;
  change(loose);
  return JSON.stringify(loose);
}

function errorOf(text: string): UsageError {
  try {
    parseReport(text, "old/report.json");
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("reportJson", () => {
  it("comes back as it was", () => {
    for (const report of [allExpected(), withTroubles(), buildReport(runInfo, [], [])])
      expect(parseReport(reportJson(report), "report.json")).toEqual(report);
  });

  it("has one line for each cell and each control", () => {
    const lines = reportJson(withTroubles()).split("\n");
    expect(lines.filter((line) => line.startsWith('    {"id":'))).toHaveLength(
      withTroubles().cells.length + withTroubles().controls.length,
    );
  });

  it("holds hostile text without a raw control character", () => {
    // eslint-disable-next-line no-control-regex
    expect(reportJson(withTroubles())).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});

describe("parseReport", () => {
  it("reads a later minor version and leaves out what it does not know", () => {
    const text = changed((report) => {
      report["schemaVersion"] = "1.7";
      report["weather"] = "fine";
    });
    const report = parseReport(text, "report.json");
    expect(report.schemaVersion).toBe(reportSchemaVersion);
    expect(report).not.toHaveProperty("weather");
  });

  it("refuses a report in which a cell stands twice, and names it", () => {
    const text = changed(({ cells }) => {
      cells.push(...Array.from({ length: 39 }, () => ({ ...cells[0] })));
    });
    expect(errorOf(text)).toMatchObject({
      code: "report-invalid",
      message: expect.stringMatching(/direct.*list \(repeat 1\) is there more than once/) as string,
    });
  });

  it("reads a file with a byte order mark", () => {
    expect(parseReport(`\ufeff${reportJson(allExpected())}`, "report.json").summary.total).toBe(coreCells().length);
  });

  it("refuses a foreign major version and says which it reads", () => {
    const error = errorOf(changed((report) => (report["schemaVersion"] = "2.0")));
    expect(error.code).toBe("report-version");
    expect(error.message).toBe("old/report.json has schema version 2.0, and this program reads 1.x");
  });

  it("refuses what is not JSON, and JSON that is no report", () => {
    expect(errorOf('{"schemaVersion": "1.0", "ce').code).toBe("report-not-json");
    for (const text of ["null", "[]", "3", "{}"]) {
      expect(errorOf(text).message).toBe("old/report.json is not a report: it has no schemaVersion");
    }
    const { message } = errorOf('{"schemaVersion": 0}');
    expect(message).toBe(`old/report.json is not a report: its schemaVersion is not like "${reportSchemaVersion}"`);
  });

  it("says where a report does not fit", () => {
    const error = errorOf(
      changed((report) => {
        report.run["durationMs"] = "long";
        Object.assign(report.cells[0] ?? {}, { stage: "lunch" });
      }),
    );
    expect(error.code).toBe("report-invalid");
    expect(error.message).toMatch(
      /^old\/report.json does not fit the shape of a report:\n {2}run\.durationMs: .*number.*\n {2}cells\[0\]\.stage: .*/,
    );
  });

  it("names five problems and counts the rest", () => {
    const error = errorOf(changed((report) => (report.cells = Array.from({ length: 8 }, () => ({})))));
    expect(error.message.split("\n")).toHaveLength(7);
    expect(error.message).toMatch(/\.\.\. and \d+ more$/);
  });

  it("refuses a cell whose id is not that of its axes", () => {
    const error = errorOf(changed((report) => Object.assign(report.cells[0] ?? {}, { topology: "client-nat" })));
    expect(error.message).toContain("cells[0].id: is not topology/server/client/mode/data/operation of this cell");
  });

  it("refuses evidence outside the report's folder", () => {
    for (const path of ["/etc/passwd", "../secret", "cells/../../secret", "..\\secret", "C:\\secret", ""])
      expect(
        errorOf(changed((report) => Object.assign(report.cells[0] ?? {}, { evidence: [path] }))).message,
      ).toContain("cells[0].evidence[0]");
  });

  it("accepts evidence whose name only looks like a way out", () => {
    const text = changed((report) => Object.assign(report.cells[0] ?? {}, { evidence: ["cells/a..b/..c/d.txt"] }));
    expect(parseReport(text, "report.json").cells[0]?.evidence).toEqual(["cells/a..b/..c/d.txt"]);
  });

  it("refuses a run id that is no plain file name", () => {
    for (const id of ["../x", "a/b", ".hidden", ""])
      expect(errorOf(changed((report) => (report.run["id"] = id))).message).toContain("run.id");
  });
});
