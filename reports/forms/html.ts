import { htmlReport } from "../page/html";
import { pageParts } from "../page/parts";
import type { ReportForm } from "./definition";

export const html: ReportForm = {
  name: "html",
  file: "report.html",
  render: async (report) => htmlReport(report, await pageParts()),
};
