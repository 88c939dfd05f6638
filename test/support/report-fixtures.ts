import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { buildReport } from "../../harness/run/build-report";
import { projectRoot } from "../../harness/lab/project";
import { parseReport } from "../../reports/parse-report";

/** A real run: three networks, FTP, FTPS and CCC, listing and upload; 72 cells. */
export function realReport(): MatrixReport {
  const path = join(projectRoot, "test/fixtures/reports/three-networks.json");
  return parseReport(readFileSync(path, "utf8"), path);
}

/** The same with other cells, and with the summary that they make. */
export function withCells(report: MatrixReport, cells: readonly CellResult[]): MatrixReport {
  return { ...report, summary: buildReport(report.run, cells, report.controls).summary, cells };
}

/** A real run's cells over and over, as of ever more networks. */
export function repeated(report: MatrixReport, count: number): MatrixReport {
  const cells = Array.from({ length: count }, (_, index): CellResult => {
    const cell = report.cells[index % report.cells.length]!;
    const topology = `${cell.topology}-${Math.floor(index / report.cells.length)}`;
    return { ...cell, topology, id: cell.id.replace(cell.topology, topology) };
  });
  return withCells(report, cells);
}
