import type { ClientDefinition } from "../catalog/clients/definition";
import { resolveClient } from "../catalog/clients/registry";
import { softwareNamed } from "../catalog/servers/registry";
import type { RunningLab, Versions } from "../lab/lab-port";
import { describeError, LabError } from "../model/errors";
import type { ServerProfile } from "../model/server-profile";
import type { LabJob } from "../plan/jobs";
import { needsOf } from "../plan/needs";
import { batchesOf, runBatch, type Finish } from "./batch";
import type { RunContext } from "./context";
import { runControls } from "./controls";
import { notRun } from "./judge";
import { programVersions } from "./program-versions";
import { driftOf } from "./release-drift";
import { addVersions } from "./versions";

/**
 * Brings a topology's lab up, checks it, runs its cells side by side and takes it down; gives the versions of what ran in it. Each
 * cell gets one result. Never throws: a fault of the lab becomes an event.
 */
export async function runLab(job: LabJob, context: RunContext): Promise<Versions> {
  const { id } = job;
  const { emit } = context;
  const open = new Set(job.runs);
  const finish: Finish = (run, result) => {
    open.delete(run);
    emit({ kind: "cell-finished", result });
  };
  const versions: Record<string, string> = {};
  let lab: RunningLab | null = null;
  try {
    const image = context.site.whyLacking(job.hosts);
    const lacking = image ?? (await context.site.findLackingFeature(needsOf(job.topology)));
    if (lacking === null) {
      emit({ kind: "lab-starting", topology: id });
      const startedAt = performance.now();
      lab = await context.site.startLab(job.topology, job.hosts);
      await context.checked;
      const serving = controlProfileOf(job, context);
      const [holds, programs] = await Promise.all([
        checkLab(lab, serving, context),
        programVersions(lab, clientsOf(job)),
      ]);
      addVersions(versions, lab.versions);
      addVersions(versions, programs);
      const { software, release } = serving;
      const drifts = driftOf(clientsOf(job), { software: softwareNamed(software), release }, versions);
      for (const text of drifts) emit({ kind: "notice", text });
      emit({ kind: "lab-ready", topology: id, durationMs: Math.round(performance.now() - startedAt) });
      if (!holds) {
        const message = "A negative control failed, so no verdict of this lab would mean anything.";
        throw new LabError("start", message, { code: "control-failed", hint: "Run `npm run matrix -- doctor`." });
      }
      await context.beforeCells(lab);
      await runCells({ lab, serving, job }, context, finish);
      // An image may hold more than one server software.
      addVersions(versions, lab.versions);
    } else {
      emit({
        kind: "notice",
        text: `${id} is left out: ${image === null ? `the kernel has no ${lacking}` : `it needs ${image}`}`,
      });
      for (const run of open) finish(run, notRun(run.planned, "skipped", `needs: ${lacking}`, run.repeat));
    }
  } catch (error) {
    if (!context.stop.aborted) {
      const { message, hint } = describeError(error);
      emit({ kind: "lab-failed", topology: id, message, hint });
      for (const run of open) finish(run, notRun(run.planned, "lab-error", message, run.repeat));
    }
  }
  for (const run of open) finish(run, notRun(run.planned, "skipped", "the run was stopped", run.repeat));
  if (lab !== null) await end(lab, context);
  return versions;
}

/** What negative controls run with: the first profile of the lab's cells that speaks plain FTP, or one of theirs without TLS. */
function controlProfileOf(job: LabJob, context: RunContext): ServerProfile {
  const profiles = job.runs.map(({ planned }) => profileOf(context, planned.cell.server));
  const plain = profiles.find((profile) => {
    const { refusesClearLogin, refusesClearTransfer } = softwareNamed(profile.software).traits(profile);
    const isOwn = profile.userConfig !== undefined || profile.script !== undefined;
    return refusesClearLogin === null && refusesClearTransfer === null && !isOwn;
  });
  const [first] = profiles;
  if (first === undefined) throw new Error(`${job.id}: a lab without cells`);
  const { title, description, software, release } = first;
  return plain ?? { id: "controls", title, description, software, release, tls: null };
}

/** The packaged clients that the lab's cells run. */
function clientsOf({ runs }: LabJob): readonly ClientDefinition[] {
  const definitions = runs.flatMap(({ planned }) => resolveClient(planned.cell.client)?.definition ?? []);
  return [...new Set(definitions)];
}

/** Starts the lab's server and runs the negative controls; gives whether they hold. */
async function checkLab(lab: RunningLab, profile: ServerProfile, { emit }: RunContext): Promise<boolean> {
  await lab.server.serve(profile);
  return runControls(lab, profile, (control) => {
    emit({ kind: "control-finished", control });
  });
}

/** Takes a lab down or leaves it to the user. All its cells have their results: what goes wrong now is only told. */
async function end(lab: RunningLab, { keepLab, emit }: RunContext): Promise<void> {
  try {
    if (keepLab) await lab.keep();
    else await lab.close();
  } catch (error) {
    const { message } = describeError(error);
    const hint = "`npm run matrix -- clean` removes what is left of it.";
    emit({ kind: "notice", text: `${lab.id} could not be ended: ${message} ${hint}` });
  }
  emit({ kind: "lab-closed", topology: lab.id, kept: keepLab });
  if (!keepLab) return;
  const names = [...lab.containers].map(([node, name]) => `${node}: docker exec -it ${name} bash`);
  emit({ kind: "notice", text: `${lab.id} is kept. ${names.join(" · ")}` });
}

/** A lab whose controls have passed, and the profile that its server runs with. */
type CheckedLab = { readonly lab: RunningLab; readonly serving: ServerProfile; readonly job: LabJob };

/** Runs the cells profile by profile; changing profile restarts the server, so those of another must be done. */
async function runCells({ lab, serving: first, job }: CheckedLab, context: RunContext, finish: Finish): Promise<void> {
  const witnesses = context.evidence.isOff ? null : await lab.watch({ everything: context.tracesAll });
  let sessions = 0;
  const nextSessionId = (): string => `s${(sessions += 1)}`;
  let serving = first.id;
  for (const server of new Set(job.runs.map(({ planned }) => planned.cell.server))) {
    if (server !== serving) await lab.server.serve(profileOf(context, server));
    serving = server;
    const mine = job.runs.filter(({ planned }) => planned.cell.server === server);
    for (const batch of batchesOf(lab.topology, mine)) {
      if (context.stop.aborted) return;
      await runBatch({ lab, witnesses, nextSessionId, batch }, context, finish);
    }
  }
}

function profileOf(context: RunContext, id: string): ServerProfile {
  const profile = context.profiles.get(id);
  if (profile === undefined) throw new Error(`no server profile ${id}`);
  return profile;
}
