import type { CellResult } from "../../../harness/model/cell";
import { deviationsOf } from "../../../reports/deviations";
import { cellOf, resultOf } from "../../support/make-report";

function result(data: "pasv" | "epsv" | "port" | "eprt", changes: Partial<CellResult>): CellResult {
  return resultOf(cellOf("direct", "ftp", data, "list"), changes);
}

describe("deviationsOf", () => {
  it("puts what broke before what works unexpectedly, lost, flaky and skipped cells, and leaves out what is expected", () => {
    const deviations = deviationsOf([
      resultOf(cellOf("direct", "ftps", "pasv", "list")),
      result("pasv", { outcome: "skipped" }),
      result("epsv", { outcome: "flaky" }),
      result("port", { outcome: "lab-error" }),
      result("eprt", { outcome: "unexpected", result: "worked" }),
      resultOf(cellOf("direct", "ftp", "eprt", "upload"), { outcome: "unexpected", result: "failed" }),
    ]);
    expect(deviations.map(({ cell }) => `${cell.outcome} ${cell.result}`)).toEqual([
      "unexpected failed",
      "unexpected worked",
      "lab-error worked",
      "flaky worked",
      "skipped worked",
    ]);
  });

  it("counts cells that their lab lost for one reason together", () => {
    const deviations = deviationsOf([
      result("pasv", { outcome: "lab-error", message: "a" }),
      result("epsv", { outcome: "lab-error", message: "b" }),
      result("port", { outcome: "lab-error", message: "a" }),
      resultOf(cellOf("client-nat", "ftp", "pasv", "list"), { outcome: "lab-error", message: "a" }),
    ]);
    expect(deviations.map(({ cell, alike }) => [cell.topology, cell.message, alike])).toEqual([
      ["direct", "a", 1],
      ["direct", "b", 0],
      ["client-nat", "a", 0],
    ]);
  });

  it("never hides an unexpected cell behind another", () => {
    const same = { outcome: "unexpected", message: "a" } as const;
    expect(
      deviationsOf([result("pasv", same), result("epsv", same), result("epsv", { ...same, repeat: 2 })]),
    ).toHaveLength(3);
  });
});
