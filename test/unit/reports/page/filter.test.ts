import type { CellResult } from "../../../../harness/model/cell";
import { parseFilter } from "../../../../reports/page/filter";
import { cellOf, resultOf } from "../make-report";

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
  ])("%j leaves what fits", (query, expected) => {
    expect(matching(query)).toEqual(expected);
  });

  it("names tokens whose key there is not, and filters by the others", () => {
    expect(parseFilter("topology:direct -x:y m:ftp").unknown).toEqual(["topology:direct", "-x:y"]);
    expect(matching("topology:nowhere m:ftp")).toEqual([plain]);
    expect(parseFilter("constructor:x").unknown).toEqual(["constructor:x"]);
  });
});
