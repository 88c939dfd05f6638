import { buildReport } from "../../../harness/run/build-report";
import { cellOf, controlOf, resultOf, runInfo } from "../../support/make-report";

const list = cellOf("direct", "ftp", "pasv", "list");
const download = cellOf("direct", "ftp", "pasv", "download");
const other = cellOf("client-nat", "ftp", "port", "list");

describe("buildReport", () => {
  it("keeps the cells in the order given", () => {
    const report = buildReport(runInfo, [resultOf(other), resultOf(list)], []);
    expect(report.cells.map((cell) => cell.id)).toEqual([other.id, list.id]);
  });

  it("keeps controls of a topology whose cells were never run, at the end", () => {
    const controls = [controlOf("firewall", "a"), controlOf("direct", "a")];
    const report = buildReport(runInfo, [resultOf(list)], controls);
    expect(report.controls.map((control) => control.topology)).toEqual(["direct", "firewall"]);
  });

  it("puts each topology's controls together, in the order of the cells' topologies", () => {
    const controls = [controlOf("client-nat", "a"), controlOf("direct", "a"), controlOf("client-nat", "b")];
    const report = buildReport(runInfo, [resultOf(list), resultOf(other)], controls);
    expect(report.controls.map((control) => control.id)).toEqual([
      "direct/control/a",
      "client-nat/control/a",
      "client-nat/control/b",
    ]);
  });

  it("counts outcomes, results and controls", () => {
    const cells = [
      resultOf(list),
      resultOf(download, { outcome: "unexpected", result: "failed", stage: "login" }),
      resultOf(other, { outcome: "lab-error", result: "not-run", stage: null }),
    ];
    const controls = [
      controlOf("direct", "a"),
      controlOf("direct", "b", { outcome: "failed" }),
      controlOf("direct", "c", { outcome: "not-applicable" }),
    ];
    expect(buildReport(runInfo, cells, controls).summary).toEqual({
      total: 3,
      outcomes: { expected: 1, unexpected: 1, flaky: 0, skipped: 0, "lab-error": 1 },
      results: { worked: 1, failed: 1, unsupported: 0, "not-run": 1 },
      controls: { passed: 1, failed: 1, notApplicable: 1 },
    });
  });
});
