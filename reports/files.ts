/** The reports that are files of a run's folder: a new one is a renderer and a line here. */
import type { MatrixReport } from "../harness/model/report";
import { ctrfReport } from "./ctrf";
import { reportJson } from "./json";
import { junitReport } from "./junit";
import { markdownReport } from "./markdown";
import { pageParts } from "./page/parts";
import { htmlReport } from "./page/html";

type ReportFile = { readonly file: string; readonly render: (report: MatrixReport) => string | Promise<string> };

/** Names that `--reporter` takes. */
export const fileReporterNames = ["json", "markdown", "html", "junit", "ctrf"] as const;
export type FileReporterName = (typeof fileReporterNames)[number];

export const reportFiles: Readonly<Record<FileReporterName, ReportFile>> = {
  json: { file: "report.json", render: reportJson },
  markdown: { file: "report.md", render: markdownReport },
  html: { file: "report.html", render: async (report) => htmlReport(report, await pageParts()) },
  junit: { file: "junit.xml", render: junitReport },
  ctrf: { file: "ctrf.json", render: ctrfReport },
};
