import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { exampleFinder } from "../../reports/page/find-example";
import { choose, runCells } from "../support/lab-run";

jest.setTimeout(120_000);

const cells = [
  "server-nat-helper/tls-optional/basic-ftp/*/*/*",
  "server-nat-helper/tls-optional/basic-ftp+trust-227/ftps/pasv/list",
  "server-nat-helper/tls-required/basic-ftp/ftps-ccc*/*/list",
  "server-nat-helper/tls-required-reuse/basic-ftp/ftps/port/*",
  "server-nat-helper/tls-required-reuse/basic-ftp+no-resume/ftps/port/*",
  "server-nat-range/tls-optional/basic-ftp/*/*/list",
  "double-nat-helper/tls-optional/basic-ftp/*/*/list",
];
let report: MatrixReport;

/** All in one run: cells of a network share its lab. */
beforeAll(async () => {
  report = await runCells(choose(cells));
});

/** The cells of a server and a client: `mode/data/operation` → stage, or result. */
function verdicts(setup: string): ReadonlyMap<string, string> {
  const own = report.cells.filter(({ id }) => id.startsWith(`server-nat-helper/${setup}/`));
  return new Map(own.map((cell) => [keyOf(cell), cell.stage ?? cell.result]));
}

function keyOf({ mode, data, operation }: CellResult): string {
  return `${mode}/${data}/${operation}`;
}

/** Verdicts are stated here by hand, apart from the prediction. */
describe("behind the helper router", () => {
  test("every control passes, and the lab decides every cell", () => {
    expect(report.summary.outcomes["lab-error"]).toBe(0);
    expect(report.controls.filter((control) => control.outcome === "failed")).toEqual([]);
  });

  test("FTP works with every data command, FTPS logs in and fails, primed CCC works and unprimed CCC fails", () => {
    const seen = verdicts("tls-optional/basic-ftp");
    for (const data of ["pasv", "epsv", "port", "eprt"]) {
      expect([data, seen.get(`ftp/${data}/list`)]).toEqual([data, "worked"]);
      expect([data, seen.get(`ftps-ccc/${data}/list`)]).toEqual([data, "worked"]);
    }
    for (const mode of ["ftps", "ftps-clear-data", "ftps-implicit", "ftps-ccc-unprimed"]) {
      expect([mode, seen.get(`${mode}/pasv/list`)]).toEqual([mode, "data-command"]);
      expect([mode, seen.get(`${mode}/epsv/list`)]).toEqual([mode, "data-connect"]);
    }
  });

  test("with TLSRequired on every CCC mode fails at ccc", () => {
    const seen = verdicts("tls-required/basic-ftp");
    expect(seen.size).toBe(12);
    expect(new Set(seen.values())).toEqual(new Set(["ccc"]));
  });

  test("a client that does not resume its TLS session fails at data-tls where the server demands it", () => {
    const resuming = verdicts("tls-required-reuse/basic-ftp");
    expect(new Set(resuming.values())).toEqual(new Set(["worked"]));
    const fresh = verdicts("tls-required-reuse/basic-ftp+no-resume");
    expect(new Set(fresh.values())).toEqual(new Set(["data-tls"]));
  });

  test("a client that takes the private address of 227 as it stands fails to connect", () => {
    const seen = verdicts("tls-optional/basic-ftp+trust-227");
    expect(seen.get("ftps/pasv/list")).toBe("data-connect");
  });

  test("no cause is named for a cell that worked, and one for each that failed", () => {
    const withCause = report.cells.filter(({ cause }) => cause !== null);
    expect(withCause.map(({ id }) => id)).toEqual(
      report.cells.filter(({ result }) => result === "failed").map(({ id }) => id),
    );
    // What the page shows of them, though nothing of them is kept.
    const find = exampleFinder(report);
    expect(
      report.cells.filter((cell) => find(cell)?.nearness !== "itself" && find(cell)?.nearness !== "alike"),
    ).toEqual([]);
    for (const { findings, whyItWorked, steps } of report.examples) {
      expect([findings.length > 0, whyItWorked !== null].filter(Boolean)).toHaveLength(1);
      expect(steps.some(({ kind }) => kind === "rule")).toBe(true);
    }
    expect(report.networks.map(({ id }) => id)).toEqual(["server-nat-helper", "server-nat-range", "double-nat-helper"]);
    expect(report.causes.map(({ id }) => id)).toEqual(
      expect.arrayContaining([...new Set(withCause.map(({ cause }) => cause))]),
    );
    expect(report.cells.filter(({ result }) => result === "worked").length).toBeGreaterThan(60);
  });
});
