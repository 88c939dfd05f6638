import type { ClientDefinition } from "../catalog/clients/definition";
import { resolveClient } from "../catalog/clients/registry";
import type { CellResult } from "../model/cell";
import { describeError, LabError } from "../model/errors";
import type { ServerProfile } from "../model/server-profile";
import { softwareNamed } from "../catalog/servers/registry";
import { findLackingFeature } from "../lab/kernel-features";
import { Lab } from "../lab/lab";
import { needsOf } from "../plan/needs";
import { Witnesses } from "../lab/witnesses";
import { batchesOf, runBatch } from "./batch";
import { runControls } from "./controls";
import { notRun } from "./judge";
import { programVersions } from "./program-versions";
import type { CellRun, LabJob, RunContext } from "./context";

/** Brings a topology's lab up, checks it, runs its cells side by side and takes it down. Never throws: a broken lab is told. */
export async function runLab(job: LabJob, context: RunContext): Promise<void> {
  const { id, topology } = job;
  const { emit } = context;
  const open = new Map(job.runs.map((run) => [run, run]));
  const finish = (run: CellRun, result: CellResult): void => {
    if (open.delete(run)) emit({ kind: "cell-finished", result });
  };
  let lab: Lab | null = null;
  try {
    const needs = needsOf(topology);
    // The panel still starts: only what is tried in it waits for it.
    const lacking = needs.length === 0 ? null : await findLackingFeature(await context.site.panel, needs);
    if (lacking !== null) {
      emit({ kind: "notice", text: `${id} is left out: the kernel has no ${lacking}` });
      for (const run of open.keys()) finish(run, notRun(run.planned, "skipped", `needs: ${lacking}`, run.repeat));
      return;
    }
    emit({ kind: "lab-starting", topology: id });
    const startedAt = performance.now();
    lab = await Lab.start(context.site, topology, job.hosts);
    await context.checked;
    context.noteVersions(lab.versions);
    const profile = controlProfileOf(job, context);
    const [holds, programs] = await Promise.all([prepare(lab, profile, context), programVersions(lab, clientsOf(job))]);
    context.noteVersions(programs);
    emit({ kind: "lab-ready", topology: id, durationMs: Math.round(performance.now() - startedAt) });
    if (!holds) {
      const message = "A negative control failed, so no verdict of this lab would mean anything.";
      throw new LabError("start", message, { code: "control-failed", hint: "Run `npm run matrix -- doctor`." });
    }
    await context.beforeCells(lab);
    await runCells({ lab, serving: profile, job }, context, finish);
  } catch (error) {
    if (!context.stop.aborted) {
      const { message, hint } = describeError(error);
      emit({ kind: "lab-failed", topology: id, message, hint });
      for (const run of open.keys()) finish(run, notRun(run.planned, "lab-error", message, run.repeat));
    }
  } finally {
    for (const run of open.keys()) finish(run, notRun(run.planned, "skipped", "the run was stopped", run.repeat));
    if (lab !== null) await end(lab, context);
  }
}

/** What negative controls run with: the first profile of the lab's cells that speaks plain FTP, or one of theirs without TLS. */
function controlProfileOf(job: LabJob, context: RunContext): ServerProfile {
  const profiles = job.runs.map(({ planned }) => profileOf(context, planned.cell.server));
  const plain = profiles.find((profile) => {
    const { refusesClearLogin, refusesClearTransfer } = softwareNamed(profile.software).traits(profile);
    return refusesClearLogin === null && refusesClearTransfer === null && profile.userConfig === undefined;
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

async function prepare(lab: Lab, profile: ServerProfile, context: RunContext): Promise<boolean> {
  await lab.server.serve(profile);
  return runControls(lab, profile, (control) => {
    context.emit({ kind: "control-finished", control });
  });
}

async function end(lab: Lab, { keepLab, emit }: RunContext): Promise<void> {
  if (keepLab) await lab.keep();
  else await lab.close();
  emit({ kind: "lab-closed", topology: lab.id, kept: keepLab });
  if (!keepLab) return;
  const names = [...lab.containers].map(([node, name]) => `${node}: docker exec -it ${name} bash`);
  emit({ kind: "notice", text: `${lab.id} is kept. ${names.join(" · ")}` });
}

/** A lab whose controls have passed. */
type ReadyLab = { readonly lab: Lab; readonly serving: ServerProfile; readonly job: LabJob };

/** Runs the cells profile by profile; changing profile restarts the server, so those of another must be done. */
async function runCells(
  { lab, serving: first, job }: ReadyLab,
  context: RunContext,
  finish: (run: CellRun, result: CellResult) => void,
): Promise<void> {
  const witnesses = context.evidence.isOff ? null : await Witnesses.start(lab);
  let serving = first.id;
  for (const server of new Set(job.runs.map(({ planned }) => planned.cell.server))) {
    if (server !== serving) await lab.server.serve(profileOf(context, server));
    serving = server;
    const mine = job.runs.filter(({ planned }) => planned.cell.server === server);
    for (const batch of batchesOf(lab.topology, mine)) {
      if (context.stop.aborted) return;
      await runBatch({ lab, witnesses, batch, context, finish });
    }
  }
}

function profileOf(context: RunContext, id: string): ServerProfile {
  const profile = context.profiles.get(id);
  if (profile === undefined) throw new Error(`no server profile ${id}`);
  return profile;
}
