import { compareReports } from "../../../../reports/compare";
import { reportJson } from "../../../../reports/forms/json";
import { readOther } from "../../../../reports/page/read-other";
import { allExpected, cellOf, resultOf, withTroubles } from "../../../support/make-report";

const cell = resultOf(cellOf("direct", "ftp", "pasv", "list"));

describe("readOther", () => {
  it("reads all that is compared of what this program wrote", () => {
    const [before, after] = [allExpected(), withTroubles()];
    const other = readOther(reportJson(before));
    expect(other?.at).toBe(before.run.startedAt);
    expect(compareReports(other!, after)).toEqual(compareReports(before, after));
    expect(compareReports(after, readOther(reportJson(after))!)).toEqual(compareReports(after, after));
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

  it("leaves out what is no cell, and takes a report of an older version, without claims", () => {
    const foreign = [null, 1, { id: 1 }, { id: "a", repeat: "1" }, { ...cell, outcome: "constructor" }];
    const text = JSON.stringify({ schemaVersion: "1.0", cells: [...foreign, cell], controls: [null, { id: "x" }] });
    expect(readOther(text)).toMatchObject({ cells: [{ id: cell.id }], controls: [], claims: [] });
  });
});
