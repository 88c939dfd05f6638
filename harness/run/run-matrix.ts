import type { EvidencePolicy } from "../evidence/recording/store";
import { EvidenceStore } from "../evidence/recording/store";
import type { Engine } from "../lab/engine";
import type { Lab, LabSite } from "../lab/lab";
import type { CellResult, PlannedCell } from "../model/cell";
import type { RunEvent } from "../model/events";
import type { Background, ControlResult, MatrixReport, ShardInfo } from "../model/report";
import type { ScenarioClaims } from "../model/scenario";
import type { ServerProfile } from "../model/server-profile";
import type { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { buildReport } from "./build-report";
import { causes } from "../diagnose/causes/registry";
import { checkUserRules } from "../lab/check-user-rules";
import { hostsOf, imagesOfLab, labId } from "../plan/labs";
import { pictureOf } from "../plan/network-picture";
import { Examples } from "./examples";
import { judgeClaims } from "./judge-claims";
import type { CellRun, LabJob, RunContext } from "./context";
import { runLab } from "./lab-runner";
import { closeSite, openSite } from "./open-site";
import { Slots } from "./slots";
import { addVersions } from "./versions";

/** What to run and how. */
export type MatrixRun = {
  readonly id: string;
  /** In the order in which they are reported. */
  readonly planned: readonly PlannedCell[];
  /** What the cells are to prove, beside their own expectations. Left out: nothing. */
  readonly claims?: readonly ScenarioClaims[];
  readonly topologies: Pick<NetworkCatalog, "get">;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
  readonly repeatEach: number;
  readonly retries: number;
  /** Stop after the first unexpected cell. */
  readonly failFast: boolean;
  /** Sessions that work at the same time; those that only wait are not counted. */
  readonly workers: number;
  readonly keepLab: boolean;
  readonly evidence: EvidencePolicy;
  /** Where evidence is written. */
  readonly folder: string;
  /** Which part of a run these cells are; left out: all of it. */
  readonly shard?: ShardInfo | undefined;
  /** What the user typed after `matrix`. */
  readonly argv: readonly string[];
  /** Whether the report tells some cells in full, for its page. Left out: it does. */
  readonly tellsExamples?: boolean;
  /** Looks at what is a user's own, beside the start of the first labs; no cell runs before, and what it throws ends the run. */
  readonly check?: (site: LabSite) => Promise<void>;
  /** Changes each lab after its controls and before its cells. */
  readonly beforeCells?: (lab: Lab) => Promise<void>;
};

/** Labs that are up at the same time; each is up to four containers, and most of its life its cells only wait. */
const labsAtOnce = 6;
/** One session in so many may be of a heavy client: more would starve the time-outs of their neighbours. */
const workersAHeavyClient = 8;

/**
 * Runs cells in labs and tells what happens as events; gives the finished report. Containers are gone when it returns or
 * throws, unless they are to be kept.
 * @throws LabError when no lab could be built at all (no engine, no images, no patch panel), UsageError where what is a user's own
 *   is refused.
 */
export async function runMatrix(
  run: MatrixRun,
  engine: Engine,
  onEvent: (event: RunEvent) => void,
  interrupt: AbortSignal,
): Promise<MatrixReport> {
  const startedAt = new Date();
  const clock = performance.now();
  const jobs = jobsOf(run);
  const results = new Map<string, CellResult>();
  const controls: ControlResult[] = [];
  const versions: Record<string, string> = { engine: engine.info.version, kernel: engine.info.kernel };
  const durations = new Map(jobs.map(({ id }) => [id, 0]));
  const failFast = new AbortController();
  const emit = (event: RunEvent): void => {
    if (event.kind === "cell-finished") {
      results.set(keyOf(event.result.id, event.result.repeat), event.result);
    }
    if (event.kind === "session-finished" && run.failFast && !event.asExpected) failFast.abort();
    if (event.kind === "control-finished") controls.push(event.control);
    onEvent(event);
  };
  emit({
    kind: "run-started",
    run: { id: run.id, startedAt: startedAt.toISOString(), argv: run.argv },
    total: runsOf(run).length,
    labs: jobs.map(({ id }) => id),
  });
  const notice = (text: string): void => {
    emit({ kind: "notice", text });
  };
  const images = jobs.flatMap(({ topology, hosts }) => imagesOfLab(topology, hosts));
  const examples = run.tellsExamples === false ? null : new Examples();
  const site = await openSite(engine, run.id, notice, { images, signal: interrupt });
  try {
    const refusal = new AbortController();
    const checked = Promise.all([
      checkUserRules(site, [...new Set(jobs.map(({ topology }) => topology))]),
      run.check?.(site),
    ]);
    checked.catch((error: unknown) => {
      refusal.abort(error);
    });
    const context: RunContext = {
      site,
      profiles: run.profiles,
      slots: new Slots(run.workers),
      heavySlots: new Slots(Math.ceil(run.workers / workersAHeavyClient)),
      evidence: new EvidenceStore(run.folder, run.evidence),
      examples,
      retries: run.retries,
      keepLab: run.keepLab,
      stop: AbortSignal.any([interrupt, failFast.signal, refusal.signal]),
      checked,
      emit,
      beforeCells: run.beforeCells ?? (() => Promise.resolve()),
      noteVersions: (noted) => {
        addVersions(versions, noted);
      },
    };
    const places = new Slots(labsAtOnce);
    await Promise.all(
      jobs.map(async (job) => {
        const place = await places.acquire();
        const since = performance.now();
        await runLab(job, context);
        durations.set(job.id, Math.round(performance.now() - since));
        place.release();
      }),
    );
    await checked;
  } finally {
    await closeSite(site);
  }
  const ordered = runsOf(run).flatMap(({ planned, repeat }) => results.get(keyOf(planned.cell.id, repeat)) ?? []);
  return buildReport(
    {
      id: run.id,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - clock),
      argv: run.argv,
      interrupted: interrupt.aborted,
      versions,
      labs: Object.fromEntries(durations),
      ...(run.shard === undefined ? {} : { shard: run.shard }),
    },
    ordered,
    controls,
    (run.claims ?? []).flatMap(({ claims, cells }) =>
      judgeClaims(
        claims,
        ordered.filter(({ id }) => cells.has(id)),
      ),
    ),
    backgroundOf(run, ordered, examples),
  );
}

function backgroundOf({ topologies }: MatrixRun, cells: readonly CellResult[], examples: Examples | null): Background {
  const named = new Set(cells.flatMap(({ cause, expected }) => [cause, expected.cause]));
  const told = examples?.all(cells) ?? [];
  for (const { findings } of told) for (const { cause } of findings) named.add(cause);
  const networks = [...new Set(cells.map(({ topology }) => topology))].flatMap((id) => {
    const topology = topologies.get(id);
    return topology === undefined ? [] : [pictureOf(topology)];
  });
  return {
    networks,
    causes: causes
      .filter(({ id }) => named.has(id))
      .map(({ id, title, looksLike, why }) => ({ id, title, looksLike, why })),
    examples: told,
  };
}

function runsOf(run: MatrixRun): CellRun[] {
  return run.planned.flatMap((planned) =>
    Array.from({ length: planned.runs ?? run.repeatEach }, (_, index) => ({ planned, repeat: index + 1 })),
  );
}

function jobsOf(run: MatrixRun): LabJob[] {
  const jobs = new Map<string, Omit<LabJob, "id"> & { readonly runs: CellRun[] }>();
  for (const cellRun of runsOf(run)) {
    const { cell } = cellRun.planned;
    const hosts = hostsOf(cell, run.profiles);
    const id = labId(cell.topology, hosts);
    const topology = run.topologies.get(cell.topology);
    if (topology === undefined) throw new Error(`no topology ${cell.topology}`);
    const job = jobs.get(id) ?? { topology, hosts, runs: [] };
    job.runs.push(cellRun);
    jobs.set(id, job);
  }
  return [...jobs].map(([id, job]) => ({ id, ...job }));
}

function keyOf(id: string, repeat: number): string {
  return `${id}#${repeat}`;
}
