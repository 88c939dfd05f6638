import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecording } from "../../evidence/recording/read-recording";
import type { OpenSite } from "../../lab/lab-port";
import type { BugScenario } from "../../model/bug";
import type { CellResult } from "../../model/cell";
import type { RunEvent } from "../../model/events";
import type { CellEvidence } from "../../model/evidence";
import type { Reproduction } from "../../model/reproduction";
import type { ServerProfile } from "../../model/server-profile";
import type { ReproductionPlan } from "./plan-reproduction";
import { tellReproduction } from "./tell-reproduction";
import { onceEach } from "../../run/matrix-run";
import { makeRunId } from "../../run/run-id";
import { runLabs } from "../../run/run-labs";

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
  open: OpenSite,
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
    const report = await runLabs(
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
      open,
      onEvent,
      AbortSignal.any([interrupt, AbortSignal.timeout(mostMs)]),
    );
    const evidenceOf = ({ evidence }: CellResult): CellEvidence | null => {
      const recording = evidence.find((path) => path.endsWith("/evidence.json"));
      return recording === undefined ? null : readRecording(join(place, recording)).evidence;
    };
    return tellReproduction(bug, plan, { report, evidenceOf });
  } finally {
    if (folder === null) await rm(place, { recursive: true, force: true });
  }
}

/** Sizes of files that sessions in a lab fetch. */
function downloadsOf({ planned }: ReproductionPlan, topology: string): readonly number[] {
  const steps = planned.filter(({ cell }) => cell.topology === topology).flatMap(({ script }) => script?.steps ?? []);
  const sizes = steps.flatMap((step) => (step.kind === "transfer" && step.operation === "download" ? step.sizes : []));
  return [...new Set(sizes)];
}
