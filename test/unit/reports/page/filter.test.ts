import type { CellResult } from "../../../../harness/model/cell";
import { misfitFinder, parseFilter, toggleToken } from "../../../../reports/page/filter";
import { cellOf, resultOf } from "../../../support/make-report";

const blind = resultOf(cellOf("server-nat-helper", "ftps", "pasv", "list"), { outcome: "unexpected" });
const plain = resultOf(cellOf("direct", "ftp", "epsv", "upload", "tls-optional", "lftp+x"));
const cells: readonly CellResult[] = [blind, plain];

function matching(query: string): readonly CellResult[] {
  return cells.filter(parseFilter(query).matches);
}

describe("parseFilter", () => {
  it.each([
    ["", cells],
    ["   ", cells],
    ["s:unexpected", [blind]],
    ["r:worked", [plain]],
    ["t:direct", [plain]],
    ["t:server-nat", []],
    ["t:server-nat*", [blind]],
    ["t:*nat* m:ftps d:pasv o:list", [blind]],
    ["c:lftp", []],
    ["c:lftp+x", [plain]],
    ["stage:data-connect", [blind]],
    ["cause:helper*", [blind]],
    ["t:direct t:server-nat-helper", cells],
    ["t:direct m:ftps", []],
    ["-t:direct", [blind]],
    ["-s:unexpected", [plain]],
    ["PASV helper", [blind]],
    ["pasv epsv", []],
    ["t:", cells],
    ["-t:", cells],
    ["-", cells],
    ["t:( t:[", []],
    ["T:Direct", [plain]],
    ['t:"direct"', [plain]],
    ['-t:"direct"', [blind]],
    ['"', cells],
  ])("%j leaves what fits", (query, expected) => {
    expect(matching(query)).toEqual(expected);
  });

  it("finds failures without a cause as those of an unknown one, as they are counted", () => {
    const unexplained = { ...blind, cause: null };
    expect([unexplained, plain].filter(parseFilter("cause:unknown").matches)).toEqual([unexplained]);
  });

  it("names tokens whose key there is not, and filters by the others", () => {
    expect(parseFilter("topology:direct -x:y m:ftp").unknown).toEqual(["topology:direct", "-x:y"]);
    expect(matching("topology:nowhere m:ftp")).toEqual([plain]);
    expect(parseFilter("constructor:x").unknown).toEqual(["constructor:x"]);
  });
});

describe("misfitFinder", () => {
  const misfits = (query: string) => misfitFinder(cells)(parseFilter(query));

  it.each([
    ["t:dirct", [{ token: "t:dirct", meant: "t:direct" }]],
    ["-T:dirct", [{ token: "-T:dirct", meant: "-t:direct" }]],
    ["t:mars", [{ token: "t:mars", meant: null }]],
    ["t:mars*", [{ token: "t:mars*", meant: null }]],
    ["m:ftsp t:direct", [{ token: "m:ftsp", meant: "m:ftps" }]],
    ["t:dir*", []],
    ["t:", []],
    ["mars", []],
    ["x:mars", []],
  ])("finds in %j what no cell has, and what was meant", (query, expected) => {
    expect(misfits(query)).toEqual(expected);
  });

  it("has nothing against a word of the field that no cell happens to have", () => {
    expect(misfits("s:flaky r:unsupported m:ftps-ccc stage:auth-tls d:eprt o:upload")).toEqual([]);
  });
});

describe("toggleToken", () => {
  it.each([
    ["", "r:failed"],
    ["t:direct", "t:direct r:failed"],
    ["t:direct  r:failed", "t:direct"],
    ["r:worked t:direct", "t:direct r:failed"],
  ])("makes of %j %j", (query, expected) => {
    expect(toggleToken(query, "r:failed")).toBe(expected);
  });
});
