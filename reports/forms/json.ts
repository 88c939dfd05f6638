/** report.json as it is written. */
import type { MatrixReport } from "../../harness/model/report";
import type { ReportForm } from "./definition";

export const json: ReportForm = { name: "json", file: "report.json", render: reportJson };

/** The report as JSON, one cell and one control a line, so that it stays small and two reports can be compared by line. */
export function reportJson(report: MatrixReport): string {
  const { schemaVersion, run, summary, controls, cells, claims, networks, causes, examples, history } = report;
  const parts = [
    `"schemaVersion": ${JSON.stringify(schemaVersion)}`,
    `"run": ${indented(run)}`,
    `"summary": ${indented(summary)}`,
    `"controls": ${linewise(controls)}`,
    `"cells": ${linewise(cells)}`,
    `"claims": ${linewise(claims)}`,
    `"networks": ${linewise(networks)}`,
    `"causes": ${linewise(causes)}`,
    `"examples": ${linewise(examples)}`,
    ...(history === undefined ? [] : [`"history": ${indented(history)}`]),
  ];
  return `{\n  ${parts.join(",\n  ")}\n}\n`;
}

function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
}

function linewise(items: readonly unknown[]): string {
  if (items.length === 0) return "[]";
  return `[\n    ${items.map((item) => JSON.stringify(item)).join(",\n    ")}\n  ]`;
}
