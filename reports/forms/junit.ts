/** junit.xml: for servers that show test results. One suite for each network, server and client, one case for each cell. */
import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { evidenceText, verdictText } from "../claim-words";
import { visible } from "../../harness/text/escape";
import { groupBy } from "../group-by";
import { resultText } from "../wording";
import type { ReportForm } from "./definition";

export const junit: ReportForm = { name: "junit", file: "junit.xml", render: junitReport };

/** One `<testcase>`; a verdict is the element in it, none where it passed. */
type Case = {
  readonly name: string;
  readonly durationMs: number;
  readonly verdict: { readonly element: "failure" | "error" | "skipped"; readonly message: string } | null;
  readonly notes: readonly string[];
};
type Suite = { readonly name: string; readonly cases: readonly Case[] };

/** The report as JUnit XML; `error` is a broken lab, `failure` a cell or a claim that is not as stated. */
export function junitReport(report: MatrixReport): string {
  const cells = groupBy(report.cells, ({ topology, server, client }) => `${topology}/${server}/${client}`);
  const suites: readonly Suite[] = [
    ...cells.map((group) => ({
      name: `${group[0].topology}/${group[0].server}/${group[0].client}`,
      cases: group.map(cellCase),
    })),
    ...groupBy(report.controls, ({ topology }) => topology).map((group) => ({
      name: `${group[0].topology}/control`,
      cases: group.map(({ name, outcome, detail, durationMs }): Case => {
        const element = outcome === "failed" ? "error" : outcome === "not-applicable" ? "skipped" : null;
        return { name, durationMs, verdict: element === null ? null : { element, message: detail }, notes: [] };
      }),
    })),
    ...(report.claims.length === 0 ? [] : [{ name: "claims", cases: report.claims.map(claimCase) }]),
  ];
  const all = suites.flatMap((suite) => suite.cases);
  const head = `name="ftp-nat-matrix" ${counts(all)} time="${seconds(report.run.durationMs)}"`;
  const body = suites.flatMap((suite) => suiteLines(suite, report.run.startedAt));
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${head}>`, ...body, "</testsuites>", ""].join("\n");
}

function cellCase(cell: CellResult): Case {
  const repeat = cell.repeat > 1 ? ` #${cell.repeat}` : "";
  const flaky = cell.outcome === "flaky" ? [`flaky: ${cell.attempts} attempts`] : [];
  return {
    name: `${cell.mode}/${cell.data}/${cell.operation}${repeat}`,
    durationMs: cell.durationMs,
    verdict: verdictOf(cell),
    notes: [...flaky, ...cell.evidence.map((path) => `[[ATTACHMENT|${path}]]`)],
  };
}

function verdictOf(cell: CellResult): Case["verdict"] {
  const message = cell.message === null ? "" : `: ${cell.message}`;
  switch (cell.outcome) {
    case "expected":
    case "flaky":
      return null;
    case "unexpected": {
      const verdict = `expected ${resultText(cell.expected)}, got ${resultText(cell)}`;
      return { element: "failure", message: verdict + message };
    }
    case "lab-error":
      return { element: "error", message: `the lab broke${message}` };
    case "skipped":
      return { element: "skipped", message: cell.message ?? "" };
  }
}

function claimCase(claim: MatrixReport["claims"][number]): Case {
  const element = claim.outcome === "contradicted" ? "failure" : claim.outcome === "not-shown" ? "skipped" : null;
  const otherwise = claim.evidence.flatMap((evidence) => evidenceText(evidence).otherwise);
  const message = [verdictText(claim), ...otherwise].join("; ");
  return { name: claim.id, durationMs: 0, verdict: element === null ? null : { element, message }, notes: [] };
}

function suiteLines({ name, cases }: Suite, startedAt: string): readonly string[] {
  const time = cases.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const head = `name="${xml(name)}" ${counts(cases)} time="${seconds(time)}" timestamp="${xml(startedAt)}"`;
  return [`  <testsuite ${head}>`, ...cases.flatMap((one) => caseLines(one, name)), "  </testsuite>"];
}

function caseLines({ name, durationMs, verdict, notes }: Case, suite: string): readonly string[] {
  const head = `    <testcase classname="${xml(suite)}" name="${xml(name)}" time="${seconds(durationMs)}"`;
  if (verdict === null && notes.length === 0) return [`${head}/>`];
  const lines = verdict === null ? [] : [`      <${verdict.element} message="${xml(verdict.message)}"/>`];
  const output = notes.length === 0 ? [] : [`      <system-out>${notes.map(xml).join("\n")}</system-out>`];
  return [`${head}>`, ...lines, ...output, "    </testcase>"];
}

function counts(cases: readonly Case[]): string {
  const count = (element: string): string => String(cases.filter(({ verdict }) => verdict?.element === element).length);
  return `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML 1.0 has no way at all to write control characters and the two last of a plane, so they take a visible form. */
function xml(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
