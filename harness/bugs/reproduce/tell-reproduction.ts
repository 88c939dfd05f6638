/** What came of a report's variants, from the results of their cells. */
import { diagnose } from "../../diagnose/diagnose";
import { remediesOf } from "../../diagnose/offers";
import { labRemedyNamed } from "../../diagnose/remedies/registry";
import type { BugScenario, BugSetup, BugVariant } from "../../model/bug";
import type { CellResult } from "../../model/cell";
import type { CellEvidence } from "../../model/evidence";
import type { MatrixReport } from "../../model/report";
import type { Reproduction, VariantReport, VariantSession } from "../../model/reproduction";
import { judgeVariant, sideEffects } from "./judge-variant";
import type { PlannedVariant, ReproductionPlan } from "./plan-reproduction";
import { remediableSetup, remediedSetup } from "../../plan/bug-setup";
import { replacedLines } from "./replaced-lines";

/** What is read of a run that has ended. */
export type RunTold = {
  readonly report: MatrixReport;
  /** What the witnesses have of a session; `null` where that was not recorded. */
  readonly evidenceOf: (result: CellResult) => CellEvidence | null;
};

/** Judges all variants, and says what a fix does beside what it is for. */
export function tellReproduction(bug: BugScenario, plan: ReproductionPlan, run: RunTold): Reproduction {
  const { report } = run;
  const reported = plan.variants.find(({ variant }) => variant.id === "reported");
  const before = reported === undefined ? [] : resultsOf(reported.others, report);
  const variants = bug.variants.map((variant): VariantReport => {
    const planned = plan.variants.find((other) => other.variant === variant);
    if (planned === undefined) return notRun(variant, `needs: ${bug.needs ?? variant.needs ?? ""}`);
    return told(planned, before, run);
  });
  const broken = report.cells.filter(({ outcome }) => outcome === "lab-error");
  return {
    bug,
    variants: variants.map((one) => (one.variant.id === "reported" ? provenBy(variants, one) : one)),
    reproduced: isReproduced(variants),
    replaced: replacedLines(plan.variants.map(({ variant }) => variant.setup)),
    durationMs: report.run.durationMs,
    versions: report.run.versions,
    labErrors: [...new Set(broken.map(({ message }) => message ?? "the lab broke"))],
    interrupted: report.run.interrupted,
  };
}

/** A report that cannot be run here at all. */
export function nothingRun(bug: BugScenario): Reproduction {
  const variants = bug.variants.map((variant) => notRun(variant, `needs: ${bug.needs ?? variant.needs ?? ""}`));
  const nothing = { replaced: [], durationMs: 0, versions: {}, labErrors: [], interrupted: false };
  return { bug, variants, reproduced: null, ...nothing };
}

function told(planned: PlannedVariant, before: readonly CellResult[], run: RunTold): VariantReport {
  const { variant } = planned;
  const results = run.report.cells.filter(({ id }) => id === planned.cell.id);
  const missing = results.find(({ result }) => result === "not-run");
  // A variant that was not run shows nothing.
  if (results.length === 0) return notRun(variant, "the run was stopped");
  if (missing !== undefined) {
    const why = missing.message ?? "it was not run";
    return notRun(variant, missing.outcome === "lab-error" ? `the lab broke: ${why}` : why);
  }
  const sessions = results.map((result) => ({ result, evidence: run.evidenceOf(result) }));
  const verdict = judgeVariant(
    variant.shows,
    sessions.map(({ result, evidence }): VariantSession => ({ result, attempt: evidence?.attempt ?? null })),
  );
  const evidence = sessions.find(({ result }) => result === verdict.told?.result)?.evidence ?? null;
  const diagnosis = evidence === null ? null : diagnose(evidence);
  const effects = sideEffects(before, variant.id === "reported" ? [] : resultsOf(planned.others, run.report));
  return { variant, verdict, skipped: null, diagnosis, evidence, ...effects };
}

function isReproduced(variants: readonly VariantReport[]): boolean | null {
  const verdict = variants.find(({ variant }) => variant.id === "reported")?.verdict ?? null;
  return verdict === null ? null : verdict.difference === null;
}

/** The reported session, its cause as proven where nothing but a remedy of that cause was added and it worked. */
function provenBy(variants: readonly VariantReport[], reported: VariantReport): VariantReport {
  const [root, ...others] = reported.diagnosis?.findings ?? [];
  if (reported.diagnosis === null || root === undefined || reported.verdict?.difference !== null) return reported;
  const ids = remediesOf(root.cause).map(({ id }) => id);
  const isCured = variants.some(
    ({ variant, verdict }) =>
      variant.remedy !== null &&
      ids.includes(variant.remedy) &&
      isOnly(variant.remedy, reported.variant.setup, variant.setup) &&
      verdict?.difference === null &&
      verdict.told?.result.result === "worked",
  );
  if (!isCured) return reported;
  return {
    ...reported,
    diagnosis: { ...reported.diagnosis, findings: [{ ...root, confidence: "proven" }, ...others] },
  };
}

/** Whether a remedy is all that lies between two set-ups. */
function isOnly(remedy: string, before: BugSetup, after: BugSetup): boolean {
  const applied = labRemedyNamed(remedy).apply(remediableSetup(before));
  // A network or server that is changed has another id, and what is asked of its disk changes nothing in it.
  const same = ({ topology, server, script, ...setup }: BugSetup): string =>
    JSON.stringify({
      ...setup,
      topology: { ...topology, id: "" },
      server: { ...server, id: "" },
      script: { ...script, asksServer: false },
    });
  return applied !== null && same(remediedSetup(before, applied)) === same(after);
}

function notRun(variant: BugVariant, skipped: string): VariantReport {
  return { variant, verdict: null, skipped, diagnosis: null, evidence: null, breaks: [], cures: [], compared: 0 };
}

function resultsOf(cells: PlannedVariant["others"], report: MatrixReport): readonly CellResult[] {
  const ids = new Set(cells.map(({ id }) => id));
  return report.cells.filter(({ id }) => ids.has(id));
}
