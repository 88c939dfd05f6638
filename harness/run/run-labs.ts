import { EvidenceStore } from "../evidence/recording/store";
import type { OpenSite, RunSite, Versions } from "../lab/lab-port";
import type { CellResult } from "../model/cell";
import { describeError } from "../model/errors";
import type { RunEvent } from "../model/events";
import type { ControlResult, MatrixReport } from "../model/report";
import { jobsOf, runsOf, type LabJob } from "../plan/jobs";
import { imagesOfLab } from "../plan/labs";
import { backgroundOf, buildReport } from "./build-report";
import type { RunContext } from "./context";
import { Examples } from "./examples";
import { judgeClaims } from "./judge-claims";
import { runLab } from "./lab-runner";
import type { MatrixRun } from "./matrix-run";
import { SessionPlaces } from "./session-places";
import { Slots } from "./slots";
import { addVersions } from "./versions";

/** Labs that are up at the same time; each is up to four containers, and most of its life its cells only wait. */
const labsAtOnce = 6;

/**
 * Runs cells in labs and tells what happens as events; gives the finished report. Where one lab breaks, the others go on. The site is
 * closed once all labs have ended, whatever has happened to them.
 * @throws LabError when the site cannot be opened, UsageError where a user's own file is refused
 */
export async function runLabs(
  run: MatrixRun,
  openSite: OpenSite,
  onEvent: (event: RunEvent) => void,
  interrupt: AbortSignal,
): Promise<MatrixReport> {
  const startedAt = new Date().toISOString();
  const clock = performance.now();
  const { cells, settings, output } = run;
  const runs = runsOf(cells.planned, settings.repeatEach);
  const jobs = jobsOf(runs, cells);
  const results = new Map<string, CellResult>();
  const controls: ControlResult[] = [];
  const failFast = new AbortController();
  const emit = (event: RunEvent): void => {
    if (event.kind === "cell-finished") results.set(keyOf(event.result), event.result);
    if (event.kind === "control-finished") controls.push(event.control);
    if (event.kind === "session-finished" && settings.failFast && !event.asExpected) failFast.abort();
    onEvent(event);
  };
  const notice = (text: string): void => {
    emit({ kind: "notice", text });
  };
  emit({
    kind: "run-started",
    run: { id: run.id, startedAt, argv: run.argv },
    total: runs.length,
    labs: jobs.map(({ id }) => id),
  });
  const images = jobs.flatMap(({ topology, hosts }) => imagesOfLab(topology, hosts));
  const examples = output.tellsExamples ? new Examples() : null;
  const site = await openSite({ run: run.id, images, notice, signal: interrupt });
  const labs = await closing(site, notice, async () => {
    const refusal = new AbortController();
    const checked = checkUserFiles(run, jobs, site);
    checked.catch((error: unknown) => {
      refusal.abort(error);
    });
    const ended = await runAll(jobs, {
      site,
      profiles: cells.profiles,
      places: new SessionPlaces(settings.workers),
      evidence: new EvidenceStore(output.folder, output.evidence),
      examples,
      retries: settings.retries,
      keepLab: settings.keepLab,
      tracesAll: settings.trace === "everything",
      stop: AbortSignal.any([interrupt, failFast.signal, refusal.signal]),
      checked,
      emit,
      beforeCells: run.hooks?.beforeCells ?? (() => Promise.resolve()),
    });
    await checked;
    return ended;
  });
  const ordered = runs.flatMap(({ planned, repeat }) => results.get(keyOf({ id: planned.cell.id, repeat })) ?? []);
  return buildReport(
    {
      id: run.id,
      startedAt,
      durationMs: Math.round(performance.now() - clock),
      argv: run.argv,
      ...(run.networks === undefined ? {} : { networks: run.networks }),
      interrupted: interrupt.aborted,
      versions: versionsOf([site.versions, ...labs.map(({ versions }) => versions)]),
      labs: Object.fromEntries(labs.map(({ id, durationMs }) => [id, durationMs])),
      ...(run.shard === undefined ? {} : { shard: run.shard }),
    },
    ordered,
    controls,
    (run.claims ?? []).flatMap((claimed) =>
      judgeClaims(
        claimed.claims,
        ordered.filter(({ id }) => claimed.cells.has(id)),
      ),
    ),
    backgroundOf(cells.topologies, ordered, examples?.all(ordered) ?? []),
  );
}

/** Works in a site and then closes it; a site that cannot be closed takes no verdict back. */
async function closing<T>(site: RunSite, notice: (text: string) => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await site.close().catch((error: unknown) => {
      const hint = "`npm run matrix -- clean` removes what is left of it.";
      notice(`The patch panel could not be ended: ${describeError(error).message} ${hint}`);
    });
  }
}

/** Lets routers and servers check what of their configurations is a user's own. @throws UsageError in their words */
async function checkUserFiles(run: MatrixRun, jobs: readonly LabJob[], site: RunSite): Promise<void> {
  const topologies = [...new Set(jobs.map(({ topology }) => topology))];
  await Promise.all([site.checkUserRules(topologies), run.hooks?.check?.(site)]);
}

/** A lab that has ended. */
type EndedLab = { readonly id: string; readonly durationMs: number; readonly versions: Versions };

/** Runs labs side by side, as many as there are places, and resolves or throws when all of them have ended. */
async function runAll(jobs: readonly LabJob[], context: RunContext): Promise<readonly EndedLab[]> {
  const places = new Slots(labsAtOnce);
  const labs = jobs.map(async (job): Promise<EndedLab> => {
    const place = await places.acquire();
    try {
      const since = performance.now();
      const versions = await runLab(job, context);
      return { id: job.id, durationMs: Math.round(performance.now() - since), versions };
    } finally {
      place.release();
    }
  });
  await Promise.allSettled(labs);
  return Promise.all(labs);
}

function versionsOf(all: readonly Versions[]): Versions {
  const versions: Record<string, string> = {};
  for (const noted of all) addVersions(versions, noted);
  return versions;
}

function keyOf({ id, repeat }: Pick<CellResult, "id" | "repeat">): string {
  return `${id}#${repeat}`;
}
