import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "../../diagnose/diagnose";
import { remediesOf } from "../../diagnose/offers";
import { readRecording } from "../../evidence/recording/read-recording";
import type { Engine } from "../../lab/engine";
import type { BugScenario } from "../../model/bug";
import type { CellResult } from "../../model/cell";
import type { RunEvent } from "../../model/events";
import type { CellEvidence } from "../../model/evidence";
import type { MatrixReport } from "../../model/report";
import type { Reproduction, VariantReport, VariantSession } from "../../model/reproduction";
import type { ServerProfile } from "../../model/server-profile";
import { judgeVariant, sideEffects } from "./judge-variant";
import type { PlannedVariant, ReproductionPlan } from "./plan-reproduction";
import { onceEach } from "../../run/matrix-run";
import { makeRunId } from "../../run/run-id";
import { runMatrix } from "../../run/run-matrix";

export type ReproductionRun = {
  readonly bug: BugScenario;
  readonly plan: ReproductionPlan;
  /** Profiles by id; the negative controls need one that speaks plain FTP. */
  readonly profiles: ReadonlyMap<string, ServerProfile>;
  readonly workers: number;
  /** Where evidence is kept; `null` for nowhere. */
  readonly folder: string | null;
  readonly argv: readonly string[];
};

/** No honest report takes longer; what does is ended. */
const mostMs = 15 * 60_000;

/**
 * Runs a report's variants side by side, each in a lab of its own where they differ in what a lab is made of.
 * @throws UsageError where a server or a router refuses what is a user's own, LabError when no lab could be built at all.
 */
export async function reproduce(
  { bug, plan, profiles, workers, folder, argv }: ReproductionRun,
  engine: Engine,
  onEvent: (event: RunEvent) => void,
  interrupt: AbortSignal,
): Promise<Reproduction> {
  const checks = plan.variants.map(({ variant }) => ({
    topology: variant.setup.topology,
    profile: variant.setup.server,
  }));
  const own = new Map(checks.map((check) => [JSON.stringify(check.profile), check]));
  const place = folder ?? (await mkdtemp(join(tmpdir(), "ftp-nat-matrix-")));
  try {
    const report = await runMatrix(
      {
        id: makeRunId(new Date()),
        argv,
        cells: {
          planned: plan.planned,
          topologies: plan.topologies,
          profiles: new Map([...profiles, ...plan.profiles]),
        },
        settings: onceEach(workers),
        // What a fix does to other modes is told by their results.
        output: { folder: place, evidence: "retain-on-unexpected", tellsExamples: false },
        hooks: {
          check: async (site) => {
            for (const check of own.values()) await site.checkUserConfiguration(check);
          },
          beforeCells: (lab) => lab.server.provide(downloadsOf(plan, lab.topology.id)),
        },
      },
      engine,
      onEvent,
      AbortSignal.any([interrupt, AbortSignal.timeout(mostMs)]),
    );
    return tell(bug, plan, report, place);
  } finally {
    if (folder === null) await rm(place, { recursive: true, force: true });
  }
}

/** Sizes of files that sessions in a lab fetch. */
function downloadsOf({ planned }: ReproductionPlan, topology: string): readonly number[] {
  const steps = planned.filter(({ cell }) => cell.topology === topology).flatMap(({ order }) => order?.steps ?? []);
  const sizes = steps.flatMap((step) => (step.kind === "transfer" && step.operation === "download" ? step.sizes : []));
  return [...new Set(sizes)];
}

function tell(bug: BugScenario, plan: ReproductionPlan, report: MatrixReport, folder: string): Reproduction {
  const reported = plan.variants.find(({ variant }) => variant.id === "reported");
  const before = reported === undefined ? [] : resultsOf(reported.others, report);
  const variants = bug.variants.map((variant): VariantReport => {
    const planned = plan.variants.find((other) => other.variant === variant);
    if (planned === undefined) return notRun(variant, bug.needs ?? variant.needs ?? "");
    const sessions = sessionsOf(planned, report, folder);
    const verdict = judgeVariant(
      variant.shows,
      sessions.map(({ session }) => session),
    );
    const evidence = sessions.find(({ session }) => session === verdict.told)?.evidence ?? null;
    const diagnosis = evidence === null ? null : diagnose(evidence);
    const effects = sideEffects(before, variant.id === "reported" ? [] : resultsOf(planned.others, report));
    return { variant, verdict, skipped: null, diagnosis, evidence, ...effects };
  });
  const broken = report.cells.filter(({ outcome }) => outcome === "lab-error");
  return {
    bug,
    variants: variants.map((told) => (told.variant.id === "reported" ? provenBy(variants, told) : told)),
    durationMs: report.run.durationMs,
    versions: report.run.versions,
    labErrors: [...new Set(broken.map(({ message }) => message ?? "the lab broke"))],
    interrupted: report.run.interrupted,
  };
}

/** The reported session, its cause as proven where a variant with a remedy of that cause worked. */
function provenBy(variants: readonly VariantReport[], reported: VariantReport): VariantReport {
  const [root, ...others] = reported.diagnosis?.findings ?? [];
  if (reported.diagnosis === null || root === undefined || reported.verdict?.difference !== null) return reported;
  const ids = remediesOf(root.cause).map(({ id }) => id);
  const isCured = variants.some(
    ({ variant, verdict }) =>
      variant.remedy !== null && ids.includes(variant.remedy) && verdict?.told?.result.result === "worked",
  );
  if (!isCured) return reported;
  return {
    ...reported,
    diagnosis: { ...reported.diagnosis, findings: [{ ...root, confidence: "proven" }, ...others] },
  };
}

function notRun(variant: VariantReport["variant"], needs: string): VariantReport {
  const skipped = `needs: ${needs}`;
  return { variant, verdict: null, skipped, diagnosis: null, evidence: null, breaks: [], cures: [], compared: 0 };
}

function resultsOf(cells: PlannedVariant["others"], report: MatrixReport): readonly CellResult[] {
  const ids = new Set(cells.map(({ id }) => id));
  return report.cells.filter(({ id }) => ids.has(id));
}

function sessionsOf(
  { cell }: PlannedVariant,
  report: MatrixReport,
  folder: string,
): readonly { readonly session: VariantSession; readonly evidence: CellEvidence | null }[] {
  return report.cells
    .filter(({ id }) => id === cell.id)
    .map((result) => {
      const recording = result.evidence.find((path) => path.endsWith("/evidence.json"));
      const evidence = recording === undefined ? null : readRecording(join(folder, recording)).evidence;
      return { session: { result, attempt: evidence?.attempt ?? null }, evidence };
    });
}
