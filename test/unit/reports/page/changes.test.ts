import { reportJson } from "../../../../reports/json";
import { changesOf, readOther } from "../../../../reports/page/changes";
import { allExpected, cellOf, resultOf, withTroubles } from "../make-report";

const cell = resultOf(cellOf("direct", "ftp", "pasv", "list"));
const failed = { ...cell, result: "failed", stage: "transfer", cause: "no-helper" } as const;
const unexpected = { ...failed, outcome: "unexpected" } as const;

function kindsOf(before: Parameters<typeof changesOf>[0], after: Parameters<typeof changesOf>[1]): readonly string[] {
  return Object.entries(changesOf(before, after)).flatMap(([kind, changes]) => changes.map(() => kind));
}

describe("changesOf", () => {
  it.each([
    ["nothing where both came to the same", [cell], [cell], []],
    ["worse where it is not as expected any more", [cell], [unexpected], ["worse"]],
    ["better where it is as expected again", [unexpected], [cell], ["better"]],
    ["worse where it fails, though that is expected now", [cell], [failed], ["worse"]],
    ["better where it works, and is expected to", [failed], [cell], ["better"]],
    ["changed where it fails elsewhere", [failed], [{ ...failed, stage: "login" as const }], ["other"]],
    ["new and gone cells", [cell], [{ ...cell, id: "other" }], ["added", "gone"]],
    [
      "each run of a repeated cell by itself",
      [cell, { ...cell, repeat: 2 }],
      [cell, { ...unexpected, repeat: 2 }],
      ["worse"],
    ],
  ])("tells %s", (_, before, after, expected) => {
    expect(kindsOf(before, after)).toEqual(expected);
  });

  it("compares whole reports", () => {
    const changes = changesOf(allExpected().cells, withTroubles().cells);
    const changed = withTroubles().cells.filter(({ outcome }) => outcome !== "expected");
    expect(changes.worse).toHaveLength(changed.length);
    expect([changes.better, changes.added, changes.gone].map(({ length }) => length)).toEqual([0, 0, 0]);
  });
});

describe("readOther", () => {
  it("reads what this program wrote", () => {
    const report = withTroubles();
    const other = readOther(reportJson(report));
    expect(other).toMatchObject({ id: report.run.id, at: report.run.startedAt });
    expect(changesOf(other!.cells, report.cells)).toEqual({ worse: [], better: [], other: [], added: [], gone: [] });
  });

  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"schemaVersion":"2.0","cells":[]}',
    '{"schemaVersion":"1.2","cells":{}}',
    "\u0000",
  ])("takes %j for no report", (text) => {
    expect(readOther(text)).toBeNull();
  });

  it("leaves out what is no cell", () => {
    const text = JSON.stringify({ schemaVersion: "1.9", cells: [null, 1, { id: 1 }, { id: "a", repeat: "1" }, cell] });
    expect(readOther(text)?.cells.map(({ id }) => id)).toEqual([cell.id]);
  });
});
