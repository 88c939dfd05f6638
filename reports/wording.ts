/** Sentences that every report shares. */
import type { Outcome, Stage } from "../harness/model/axes";
import { outcomes, stages } from "../harness/model/axes";
import type { CellResult } from "../harness/model/cell";
import type { ClaimResult, MatrixReport, Summary } from "../harness/model/report";
import { counted, duration, thousands } from "../harness/text/quantity";

/** `worked`, or `failed at data-connect (no-helper)`. */
export function resultText(verdict: Pick<CellResult, "result" | "stage" | "cause">): string {
  const words = verdict.result === "not-run" ? "not run" : verdict.result;
  const at = verdict.stage === null ? "" : ` at ${verdict.stage}`;
  const why = verdict.cause === null ? "" : ` (${verdict.cause})`;
  return `${words}${at}${why}`;
}

/** The result, and beside it the outcome where it is not the expected one: `worked, unexpected`. */
export function cellVerdict(verdict: Pick<CellResult, "result" | "stage" | "cause" | "outcome">): string {
  return `${resultText(verdict)}${verdict.outcome === "expected" ? "" : `, ${verdict.outcome}`}`;
}

/** The verdict over a whole run, in one line: what a person must know if they read nothing else. */
export function headline(report: MatrixReport): { readonly good: boolean; readonly text: string } {
  const { total, outcomes: counts, controls } = report.summary;
  const contradicted = report.claims.filter(({ outcome }) => outcome === "contradicted").length;
  const troubles = [
    counts.unexpected > 0 ? `${thousands(counts.unexpected)} unexpected` : "",
    counts["lab-error"] > 0 ? `${thousands(counts["lab-error"])} lost because the lab broke` : "",
    counts.flaky > 0 ? `${thousands(counts.flaky)} flaky` : "",
    controls.failed > 0 ? `${counted(controls.failed, "control")} failed` : "",
    contradicted > 0 ? `${counted(contradicted, "claim")} contradicted` : "",
  ].filter((trouble) => trouble !== "");
  const interrupted = report.run.interrupted ? "Interrupted: " : "";
  if (total === 0) return { good: false, text: `${interrupted}no cell was run` };
  if (troubles.length > 0)
    return { good: false, text: `${interrupted}${counted(total, "cell")}: ${troubles.join(", ")}` };
  const skipped = counts.skipped > 0 ? `, ${thousands(counts.skipped)} skipped` : "";
  const fine = `${thousands(counts.expected)} of ${counted(total, "cell")} as expected${skipped}`;
  return { good: !report.run.interrupted, text: `${interrupted}${fine}` };
}

/** `1,340 expected`, `4 unexpected`, ...: the parts, so that each may have its own colour. */
export function outcomeCounts(summary: Summary): readonly { outcome: Outcome; text: string }[] {
  return outcomes.map((outcome) => ({ outcome, text: `${thousands(summary.outcomes[outcome])} ${outcome}` }));
}

/** `85 controls passed, 1 failed`. */
export function controlsText({ controls }: Summary): string {
  const failed = controls.failed > 0 ? `, ${thousands(controls.failed)} failed` : "";
  const rest = controls.notApplicable > 0 ? `, ${thousands(controls.notApplicable)} not applicable` : "";
  return `${counted(controls.passed, "control")} passed${failed}${rest}`;
}

/** `12 claims confirmed, 1 contradicted, 2 not shown`; nothing where there are none. */
export function claimsText({ claims }: MatrixReport): readonly string[] {
  if (claims.length === 0) return [];
  const count = (outcome: ClaimResult["outcome"]): number => claims.filter((claim) => claim.outcome === outcome).length;
  const contradicted = count("contradicted") > 0 ? `, ${thousands(count("contradicted"))} contradicted` : "";
  const rest = count("not-shown") > 0 ? `, ${thousands(count("not-shown"))} not shown` : "";
  return [`${counted(count("confirmed"), "claim")} confirmed${contradicted}${rest}`];
}

/** `worked 700 · failed 644 (data-connect 500, data-command 144)`: what happened, apart from what was expected. */
export function resultCounts(report: MatrixReport, dot: string): string {
  const { results } = report.summary;
  const counts = new Map<Stage, number>();
  for (const { result, stage } of report.cells)
    if (result === "failed" && stage !== null) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  const failing = stages
    .map((stage) => ({ stage, count: counts.get(stage) ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ stage, count }) => `${stage} ${thousands(count)}`);
  const where = failing.length === 0 ? "" : ` (${failing.join(", ")})`;
  return [
    `worked ${thousands(results.worked)}`,
    `failed ${thousands(results.failed)}${where}`,
    ...(results.unsupported > 0 ? [`unsupported ${thousands(results.unsupported)}`] : []),
    ...(results["not-run"] > 0 ? [`not run ${thousands(results["not-run"])}`] : []),
  ].join(` ${dot} `);
}

/** The last line of a run in plain words; also what a log without colours shows. */
export function summaryText(report: MatrixReport, dot: string): string {
  const counts = outcomeCounts(report.summary).map(({ text }) => text);
  const cells = `${counted(report.summary.total, "cell")}: ${counts.join(", ")}`;
  const interrupted = report.run.interrupted ? ["interrupted"] : [];
  return [
    cells,
    controlsText(report.summary),
    ...claimsText(report),
    duration(report.run.durationMs),
    ...interrupted,
  ].join(` ${dot} `);
}
