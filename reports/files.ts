/** The reports that are files of a run's folder: a new one is a renderer and a line here. */
import type { MatrixReport } from "../harness/model/report";
import { ctrfReport } from "./ctrf";
import { reportJson } from "./json";
import { junitReport } from "./junit";
import { markdownReport } from "./markdown";

type ReportFile = { readonly file: string; readonly render: (report: MatrixReport) => string | Promise<string> };

/** By the name that `--reporter` takes. */
export const reportFiles = {
  json: { file: "report.json", render: reportJson },
  markdown: { file: "report.md", render: markdownReport },
  junit: { file: "junit.xml", render: junitReport },
  ctrf: { file: "ctrf.json", render: ctrfReport },
} as const satisfies Readonly<Record<string, ReportFile>>;

export type FileReporterName = keyof typeof reportFiles;

export const fileReporterNames = Object.keys(reportFiles) as readonly FileReporterName[];
