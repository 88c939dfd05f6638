import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namedCells } from "../../../harness/cli/cell-choice";
import { selectCells } from "../../../harness/cli/select-cells";
import { refuseWithoutScenario, updateExpected } from "../../../harness/cli/update-expected";
import type { CellResult } from "../../../harness/model/cell";
import { buildReport } from "../../../harness/run/build-report";
import { cellOf, resultOf, runInfo } from "../../support/make-report";

const list = cellOf("direct", "ftp", "epsv", "list");
const upload = cellOf("direct", "ftp", "epsv", "upload");
const refused = { result: "failed", stage: "login", cause: "login-refused", outcome: "unexpected" } as const;

let folder: string;
let told: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "update-expected-"));
  told = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    told += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function scenario(name: string, ...operations: readonly string[]): string {
  const file = join(folder, `${name}.yaml`);
  const include = `{ topology: direct, mode: ftp, data: epsv, operation: [${operations.join(", ")}] }`;
  writeFileSync(file, `name: ${name}\ndescription: Some cells.\ninclude:\n  - ${include}\n`);
  return file;
}

/** Writes what these cells did into the scenarios; @returns the cells that each of them expects something of. */
function update(files: readonly string[], ...cells: readonly CellResult[]): readonly (readonly string[])[] {
  const choice = namedCells(files);
  updateExpected(buildReport(runInfo, cells, []), selectCells(choice));
  return selectCells(choice).scenarios.map(({ scenario: { expect } }) => expect.map((entry) => entry.cells));
}

describe("--update-expected", () => {
  it("writes a surprise into the first scenario that has the cell, and leaves the others as they are", () => {
    const files = [scenario("one", "list"), scenario("two", "list", "upload"), scenario("three", "download")];
    const untouched = readFileSync(files[2] ?? "", "utf8");
    expect(update(files, resultOf(list, refused), resultOf(upload, refused))).toEqual([[list.id], [upload.id], []]);
    expect(readFileSync(files[2] ?? "", "utf8")).toBe(untouched);
    expect(told).toBe(
      `${files[0] ?? ""}: 1 cell now expected as seen; write the reason for each\n` +
        `${files[1] ?? ""}: 1 cell now expected as seen; write the reason for each\n`,
    );
  });

  it("expects nothing of a cell that did now this and now that", () => {
    const again = resultOf(list, { ...refused, repeat: 2, stage: "greeting" });
    expect(update([scenario("one", "list")], resultOf(list, refused), again)).toEqual([[]]);
    expect(told).toBe("");
  });

  it("needs a scenario file to write to", () => {
    expect(() => {
      refuseWithoutScenario(namedCells([list.id]));
    }).toThrow(expect.objectContaining({ code: "no-scenario-file" }) as Error);
  });
});
