import type { Attempt, CellResult, PlannedCell } from "../model/cell";
import { resolveClient } from "../model/client";
import { describeError, LabError } from "../model/errors";
import type { RunEvent } from "../model/events";
import type { ServerProfile } from "../model/server-profile";
import { clientOf, attachmentsOf } from "../plan/network";
import { addressesOf } from "../plan/wiring";
import type { Topology } from "../model/topology";
import { Lab, type LabSite } from "../lab/lab";
import type { EvidenceStore } from "../evidence/store";
import { AddressPool } from "./address-pool";
import { runControls } from "./controls";
import { isAsExpected, judge, notRun } from "./judge";
import { sessionRequest } from "./session-request";
import type { Slots } from "./slots";
import { verifyTransfers } from "./verify";

/** One run of one cell; `repeat` counts from 1. */
export type CellRun = { readonly planned: PlannedCell; readonly repeat: number };

/** Cells that share a lab. */
export type LabJob = { readonly topology: Topology; readonly runs: readonly CellRun[] };

/** What every lab of a run works with. */
export type RunContext = {
  readonly site: LabSite;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
  readonly slots: Slots;
  readonly evidence: EvidenceStore;
  readonly retries: number;
  readonly keepLab: boolean;
  /** Aborted when the run must end: by the user, or by `-x` after the first unexpected cell. */
  readonly stop: AbortSignal;
  readonly emit: (event: RunEvent) => void;
  /** Called once a lab has passed its controls and before its cells run: what is changed in the lab now, the cells meet. */
  readonly beforeCells: (lab: Lab) => Promise<void>;
  readonly noteVersions: (versions: Readonly<Record<string, string>>) => void;
};

/** The profile that negative controls run with: it accepts plain FTP. */
const controlProfile = "tls-optional";

/** Brings a topology's lab up, checks it, runs its cells side by side and takes it down. Never throws: a broken lab is told. */
export async function runLab(job: LabJob, context: RunContext): Promise<void> {
  const { topology } = job;
  const { emit } = context;
  const open = new Map(job.runs.map((run) => [run, run]));
  const finish = (run: CellRun, result: CellResult): void => {
    if (open.delete(run)) emit({ kind: "cell-finished", result });
  };
  let lab: Lab | null = null;
  try {
    emit({ kind: "lab-starting", topology: topology.id });
    const startedAt = performance.now();
    lab = await Lab.start(context.site, topology);
    context.noteVersions(lab.versions);
    const holds = await prepare(lab, context);
    emit({ kind: "lab-ready", topology: topology.id, durationMs: Math.round(performance.now() - startedAt) });
    if (!holds) {
      const message = "A negative control failed, so no verdict of this lab would mean anything.";
      throw new LabError("start", message, { code: "control-failed", hint: "Run `npm run matrix -- doctor`." });
    }
    await context.beforeCells(lab);
    await runCells(lab, job, context, finish);
  } catch (error) {
    if (!context.stop.aborted) {
      const { message, hint } = describeError(error);
      emit({ kind: "lab-failed", topology: topology.id, message, hint });
      for (const run of open.keys()) finish(run, notRun(run.planned, "lab-error", message, run.repeat));
    }
  } finally {
    for (const run of open.keys()) finish(run, notRun(run.planned, "skipped", "the run was stopped", run.repeat));
    if (lab !== null) await end(lab, context);
  }
}

async function prepare(lab: Lab, context: RunContext): Promise<boolean> {
  const profile = profileOf(context, controlProfile);
  await lab.server.serve(profile);
  return runControls(lab, profile, (control) => {
    context.emit({ kind: "control-finished", control });
  });
}

async function end(lab: Lab, { keepLab, emit }: RunContext): Promise<void> {
  if (keepLab) lab.keep();
  else await lab.close();
  emit({ kind: "lab-closed", topology: lab.topology.id, kept: keepLab });
  if (!keepLab) return;
  const names = [...lab.containers].map(([node, name]) => `${node}: docker exec -it ${name} bash`);
  emit({ kind: "notice", text: `${lab.topology.id} is kept. ${names.join(" · ")}` });
}

/** Runs the cells profile by profile; changing profile restarts ProFTPD, so those of another must be done. */
async function runCells(
  lab: Lab,
  job: LabJob,
  context: RunContext,
  finish: (run: CellRun, result: CellResult) => void,
): Promise<void> {
  const client = clientOf(lab.topology);
  const addresses = attachmentsOf(lab.topology, client.id).flatMap(({ link }) => addressesOf(link, client.id));
  const pool = new AddressPool(addresses);
  // Once the lab is broken nothing more is started in it; what is under way ends by itself.
  const broken = new AbortController();
  const inLab = { ...context, stop: AbortSignal.any([context.stop, broken.signal]) };
  let serving = controlProfile;
  for (const server of new Set(job.runs.map(({ planned }) => planned.cell.server))) {
    if (context.stop.aborted) return;
    if (server !== serving) await lab.server.serve(profileOf(context, server));
    serving = server;
    const mine = job.runs.filter(({ planned }) => planned.cell.server === server);
    const all = Promise.all(
      mine.map(async (run) => {
        try {
          const result = await runCell(lab, run, pool, inLab);
          if (result !== null) finish(run, result);
        } catch (error) {
          broken.abort(error);
        }
      }),
    );
    // A run that is stopped does not wait for its blocked sessions: they end with the lab.
    await Promise.race([all, aborted(inLab.stop)]);
    if (broken.signal.aborted) throw broken.signal.reason;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
}

/** Runs a cell until it does what is expected or its retries are used up; `null` when the run was stopped first. */
async function runCell(lab: Lab, run: CellRun, pool: AddressPool, context: RunContext): Promise<CellResult | null> {
  const { planned, repeat } = run;
  const attempts: Attempt[] = [];
  for (let round = 0; round <= context.retries; round += 1) {
    const attempt = await runSession(lab, run, round, pool, context);
    if (attempt === null || context.stop.aborted) return null;
    attempts.push(attempt);
    if (isAsExpected(attempt, planned.expected)) break;
    // A failure is FTP's only while the lab itself is whole.
    const fault = await lab.findFault();
    if (fault !== null) throw new LabError("run", `${lab.topology.id}: ${fault}.`, { code: "lab-broke" });
  }
  const result = judge(planned, attempts, repeat, []);
  return { ...result, evidence: await context.evidence.keep(result, attempts) };
}

let sessions = 0;

async function runSession(
  lab: Lab,
  { planned, repeat }: CellRun,
  round: number,
  pool: AddressPool,
  context: RunContext,
): Promise<Attempt | null> {
  const client = resolveClient(planned.cell.client);
  if (client === null) throw new Error(`no client ${planned.cell.client}`);
  const slot = await context.slots.acquire();
  const localAddress = await pool.take();
  try {
    if (context.stop.aborted) return null;
    if (round === 0) context.emit({ kind: "cell-started", planned, repeat });
    sessions += 1;
    const request = sessionRequest(planned.cell, {
      topology: lab.topology,
      options: client.options,
      files: lab.server.files,
      ca: lab.site.certificates.ca,
      localAddress,
      sessionId: `s${String(sessions)}`,
    });
    const attempt = await lab.runSession(request, slot.release);
    return await verifyTransfers(attempt, request, lab.server);
  } finally {
    pool.giveBack(localAddress);
    slot.release();
  }
}

function profileOf(context: RunContext, id: string): ServerProfile {
  const profile = context.profiles.get(id);
  if (profile === undefined) throw new Error(`no server profile ${id}`);
  return profile;
}
