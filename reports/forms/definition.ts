import type { ReportFormName } from "../../harness/model/ids";
import type { MatrixReport } from "../../harness/model/report";

/** A form that a report is written in: one file of a run's folder. One file each in this folder. */
export type ReportForm = {
  /** What `--reporter` takes; the name of its file in this folder. */
  readonly name: ReportFormName;
  /** The file's name in the run's folder. */
  readonly file: string;
  readonly render: (report: MatrixReport) => string | Promise<string>;
};
