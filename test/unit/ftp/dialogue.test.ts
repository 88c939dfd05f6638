import { readDialogue } from "../../../harness/ftp/dialogue";
import { traitsOf } from "../../../harness/model/axes";
import { line } from "../../support/simulated-evidence";

function codes(lines: readonly string[]): readonly (readonly [string, number | null])[] {
  return readDialogue(lines.map(line), traitsOf("ftp")).exchanges.map(({ verb, code }) => [verb, code]);
}

describe("a reply that comes after the next command", () => {
  it("is the transfer's where it is one that transfers end with", () => {
    expect(codes(["> RETR a", "> PASV", "< 550 a: Permission denied", "< 227 (192,0,2,1,1,1)"])).toEqual([
      ["RETR", 550],
      ["PASV", 227],
    ]);
    expect(codes(["> LIST", "< 150 Ok", "> ABOR", "< 426 Aborted", "< 226 Done"])).toEqual([
      ["LIST", 426],
      ["ABOR", 226],
    ]);
    expect(codes(["> LIST", "> PASV", "< 425 Can't open"])).toEqual([
      ["LIST", 425],
      ["PASV", null],
    ]);
  });

  it("is the last command's where it can be no transfer's, or the transfer has its own", () => {
    expect(codes(["> LIST", "> PASV", "< 227 (192,0,2,1,1,1)"])).toEqual([
      ["LIST", null],
      ["PASV", 227],
    ]);
    expect(codes(["> LIST", "< 226 Done", "> PASV", "< 425 Cannot"])).toEqual([
      ["LIST", 226],
      ["PASV", 425],
    ]);
    expect(codes(["> PASV", "> LIST", "< 425 Can't open"])).toEqual([
      ["PASV", null],
      ["LIST", 425],
    ]);
  });
});
