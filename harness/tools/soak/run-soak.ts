import { cp, mkdir, rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createReporters, systemClock } from "../../../reports";
import { reportForms } from "../../../reports/forms/all";
import type { Engine } from "../../lab/engine";
import { coreImages } from "../../lab/image-definitions";
import { PatchPanel } from "../../lab/patch-panel";
import { imagesOf } from "../../lab/site-images";
import type { CellResult, PlannedCell } from "../../model/cell";
import { describeError } from "../../model/errors";
import type { MatrixReport } from "../../model/report";
import type { Catalog } from "../../plan/planned-cells";
import { onceEach, type RunHooks } from "../../run/matrix-run";
import { makeRunId } from "../../run/run-id";
import { runMatrix } from "../../run/run-matrix";
import { randomOf } from "../random";
import {
  heldKinds,
  heldSince,
  joined,
  memoryTrend,
  nothing,
  ofEachKind,
  type Held,
  type HeldKind,
  type MemoryTrend,
} from "./leaks";
import { Load } from "./load";
import type { LoadLevel } from "./load-plan";
import { measureDescriptors, measureMemory, measureOutside, settled, type Memory } from "./measure";
import { strayPaths } from "./stray-paths";
import { Verdicts, type Flip } from "./verdicts";

export type SoakRequest = {
  readonly catalog: Catalog;
  readonly planned: readonly PlannedCell[];
  /** Gives the order of each run, and the load. */
  readonly seed: number;
  /** No run begins after so long. */
  readonly minutes: number;
  /** Never more runs than this; `null`: as many as there is time for. */
  readonly mostRuns: number | null;
  readonly load: LoadLevel;
  readonly workers: number;
  /** An empty folder of the soak's own. Runs put what they need for a while into its `temporary`, which the caller makes. */
  readonly folder: string;
  /** Where reports and recordings of cells that were not as expected are kept, by run; `null`: nowhere. */
  readonly keep: string | null;
  readonly hooks?: RunHooks;
};

/** One run of a soak. */
export type SoakRun = {
  /** From 1. */
  readonly run: number;
  readonly id: string;
  readonly durationMs: number;
  readonly cells: number;
  readonly unexpected: number;
  readonly labErrors: number;
  /** The kernel did not have what they need, or the soak was interrupted. */
  readonly skipped: number;
  /** Cells that came to another verdict than in a run before. */
  readonly flips: number;
  /** How many of each were new, and still there once the run had had time to give them back. */
  readonly left: Readonly<Record<HeldKind, number>>;
  readonly memory: Memory;
  /** Processes that wanted to run in the last minute of it, on the average. */
  readonly machineLoad: number;
};

/** A cell that was not as expected. */
export type Deviation = {
  readonly run: number;
  readonly cell: string;
  readonly outcome: "unexpected" | "lab-error";
  readonly told: string;
};

/** Something that a run left behind. */
export type Leak = { readonly run: number; readonly kind: HeldKind; readonly name: string };

export type SoakResult = {
  readonly seed: number;
  readonly load: LoadLevel;
  readonly interrupted: boolean;
  /** Why no further run was possible; `null` if one was. */
  readonly broke: string | null;
  readonly memoryBefore: Memory;
  readonly runs: readonly SoakRun[];
  readonly flips: readonly Flip[];
  readonly deviations: readonly Deviation[];
  readonly leaks: readonly Leak[];
  readonly memory: MemoryTrend;
  /** Cells that no whole run decided: of them nothing was shown. Empty if no run was whole. */
  readonly undecided: readonly string[];
  /** Processes of the load that ended before they were told to. */
  readonly loadLost: number;
};

/** So long a run has to give things back. */
const settleMs = 3000;

/**
 * Runs the same cells again and again, in another order each time; tells of each run as it ends. Load, containers and all that is
 * in the folder are gone when it returns or throws.
 * @throws LabError where no run could begin
 */
export async function runSoak(
  request: SoakRequest,
  engine: Engine,
  tell: (run: SoakRun) => void,
  signal: AbortSignal,
): Promise<SoakResult> {
  const { seed, load: level, folder } = request;
  const notice = (text: string): void => void process.stderr.write(`${text}\n`);
  const { router } = await imagesOf(engine, coreImages, notice, signal);
  const loadFolder = join(folder, "load");
  await mkdir(loadFolder, { recursive: true });
  const panel = await PatchPanel.start(engine, router, makeRunId(new Date()));
  const soak = new Soak(request, engine, panel, signal);
  let load: Load | null = null;
  try {
    load = await Load.start(level, seed, loadFolder);
    await soak.begin();
    const broke = await soak.repeat(tell);
    return { ...soak.result(), broke, loadLost: load.parts.length - load.running.length };
  } finally {
    await load?.end();
    await panel.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a soak knows of its runs. */
class Soak {
  readonly #request: SoakRequest;
  readonly #engine: Engine;
  readonly #panel: PatchPanel;
  readonly #signal: AbortSignal;
  readonly #ids: string[] = [];
  readonly #verdicts = new Verdicts();
  readonly #runs: SoakRun[] = [];
  readonly #deviations: Deviation[] = [];
  readonly #leaks: Leak[] = [];
  /** Whether a run has ended that was not interrupted. */
  #hasWholeRun = false;
  #memoryBefore: Memory = { used: 0, resident: 0 };
  /** What was held before the first run, and what runs have left since. */
  #known = nothing;

  constructor(request: SoakRequest, engine: Engine, panel: PatchPanel, signal: AbortSignal) {
    this.#request = request;
    this.#engine = engine;
    this.#panel = panel;
    this.#signal = signal;
  }

  async begin(): Promise<void> {
    this.#known = await this.#held();
    this.#memoryBefore = measureMemory();
  }

  /** Runs until the time is over; gives why it could not go on. */
  async repeat(tell: (run: SoakRun) => void): Promise<string | null> {
    const { minutes, mostRuns } = this.#request;
    const end = performance.now() + minutes * 60_000;
    const isOver = (): boolean => this.#signal.aborted || performance.now() > end;
    for (let run = 1; run <= (mostRuns ?? Infinity) && !isOver(); run += 1) {
      try {
        const told = await this.#once(run);
        this.#runs.push(told);
        tell(told);
      } catch (error) {
        if (this.#signal.aborted) return null;
        if (run === 1) throw error;
        return describeError(error).message;
      }
    }
    return null;
  }

  result(): Omit<SoakResult, "broke" | "loadLost"> {
    const { seed, load, planned } = this.#request;
    return {
      seed,
      load,
      interrupted: this.#signal.aborted,
      memoryBefore: this.#memoryBefore,
      runs: this.#runs,
      flips: this.#verdicts.flips(),
      deviations: this.#deviations,
      leaks: this.#leaks,
      memory: memoryTrend(this.#runs.map(({ memory }) => memory.used)),
      undecided: this.#hasWholeRun ? this.#verdicts.undecided(planned.map(({ cell }) => cell.id)) : [],
    };
  }

  async #once(run: number): Promise<SoakRun> {
    const { seed, planned, folder, keep } = this.#request;
    const id = makeRunId(new Date());
    this.#ids.push(id);
    const output = join(folder, id);
    await mkdir(output);
    const report = await this.#runMatrix(id, randomOf(seed, run).shuffled(planned), output);
    const machineLoad = loadavg()[0] ?? 0;
    const { outcomes, total } = report.summary;
    const stray = await strayPaths(output, report.cells);
    if (keep !== null && outcomes.expected < total) await cp(output, join(keep, `run-${run}`), { recursive: true });
    await rm(output, { recursive: true });
    this.#deviations.push(...report.cells.flatMap((cell) => deviationOf(run, cell) ?? []));
    const flips = this.#verdicts.add(run, report.cells).length;
    this.#hasWholeRun ||= !report.run.interrupted;
    const left = await this.#settled(stray);
    for (const kind of heldKinds) this.#leaks.push(...left[kind].map((name) => ({ run, kind, name })));
    return {
      run,
      id,
      durationMs: report.run.durationMs,
      cells: total,
      unexpected: outcomes.unexpected,
      labErrors: outcomes["lab-error"],
      skipped: outcomes.skipped,
      flips,
      left: ofEachKind((kind) => left[kind].length),
      memory: measureMemory(),
      machineLoad,
    };
  }

  /** As `run` runs cells, reports and all. */
  async #runMatrix(id: string, planned: readonly PlannedCell[], output: string): Promise<MatrixReport> {
    const { catalog, workers, hooks } = this.#request;
    const { topologies, profiles } = catalog;
    const reporters = createReporters(
      reportForms.map(({ name }) => name),
      { stdout: process.stdout, stderr: process.stderr, env: {}, clock: systemClock, atExit: () => undefined },
    );
    const report = await runMatrix(
      {
        id,
        argv: [],
        cells: { planned, topologies, profiles },
        settings: onceEach(workers),
        output: { folder: output, evidence: "retain-on-unexpected", tellsExamples: true },
        ...(hooks === undefined ? {} : { hooks }),
      },
      this.#engine,
      () => undefined,
      this.#signal,
    );
    for (const reporter of reporters) {
      reporter.onEvent({ kind: "run-finished", report, folder: output });
      await reporter.close?.();
    }
    return report;
  }

  /** What the last run left, once it has had its time to give it back. What it left is known from now on. */
  async #settled(stray: readonly string[]): Promise<Held> {
    const all = await settled(async () => heldSince(this.#known, await this.#held()), settleMs);
    this.#known = joined(this.#known, all);
    return joined(all, { ...nothing, files: stray });
  }

  async #held(): Promise<Held> {
    const temporary = join(this.#request.folder, "temporary");
    const places = { engine: this.#engine, panel: this.#panel, runs: this.#ids, temporary };
    const outside = await measureOutside(places);
    return { ...outside, descriptors: await measureDescriptors() };
  }
}

function deviationOf(run: number, { id, outcome, result, stage, cause, message }: CellResult): Deviation | null {
  if (outcome !== "unexpected" && outcome !== "lab-error") return null;
  const told = [result, stage, cause, message].filter((word) => word !== null).join(" · ");
  return { run, cell: id, outcome, told };
}
