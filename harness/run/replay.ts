import type { RunEvent } from "../model/events";
import type { MatrixReport } from "../model/report";

/** The events of a run that is over, so that reporters tell it again. */
export function replay(report: MatrixReport, folder: string): readonly RunEvent[] {
  const { run, cells, controls } = report;
  const labs = Object.keys(run.labs ?? {});
  return [
    { kind: "run-started", run, total: cells.length, labs },
    ...controls.map((control): RunEvent => ({ kind: "control-finished", control })),
    ...cells.map((result): RunEvent => ({ kind: "cell-finished", result })),
    { kind: "run-finished", report, folder },
  ];
}
