import { Ajv2020 } from "ajv/dist/2020";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MatrixReport } from "../../../harness/model/report";
import { reportJsonSchema, reportSchema, reportSchemaText } from "../../../reports/report-schema";
import { withTroubles } from "../../support/make-report";

describe("report.schema.json", () => {
  it("is what the schema in the code makes of it (npm run generate)", () => {
    const path = join(__dirname, "../../../reports/report.schema.json");
    expect(readFileSync(path, "utf8")).toBe(reportSchemaText());
  });

  it("is JSON Schema that allows fields of later minor versions", () => {
    expect(reportJsonSchema()).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["schemaVersion", "run", "summary", "controls", "cells"],
    });
    expect(reportSchemaText()).not.toContain('"additionalProperties": false');
  });

  it("demands every field of a report, in the code as in the file", () => {
    const accepts = new Ajv2020().compile(reportJsonSchema());
    const { run, ...rest } = JSON.parse(JSON.stringify(withTroubles())) as MatrixReport;
    expect(reportSchema.safeParse({ run, ...rest }).success).toBe(true);
    expect([accepts({ run, ...rest }), accepts.errors]).toEqual([true, null]);
    expect(reportSchema.safeParse(rest).success).toBe(false);
    expect(accepts(rest)).toBe(false);
    const [cell] = rest.cells;
    expect(accepts({ run, ...rest, cells: [{ ...cell, stage: "logon" }] })).toBe(false);
  });
});
