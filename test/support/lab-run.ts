import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../../harness/cli/catalog";
import { namedCells } from "../../harness/cli/cell-choice";
import { selectCells } from "../../harness/cli/select-cells";
import { noUserFiles } from "../../harness/cli/user-files";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import type { SoftwareId } from "../../harness/model/ids";
import type { Lab } from "../../harness/lab/lab";
import { labelKeys } from "../../harness/lab/labels";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { makeRunId } from "../../harness/run/run-id";
import type { PlannedCell } from "../../harness/model/cell";
import type { RunEvent } from "../../harness/model/events";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { NetworkCatalog } from "../../harness/catalog/conditions/network-catalog";
import type { MatrixReport } from "../../harness/model/report";

export const catalog = loadCatalog();

/** The cells that a command line would choose. */
export function choose(sources: readonly string[]): readonly PlannedCell[] {
  return selectCells(namedCells(sources), noUserFiles, catalog).planned;
}

/** Runs cells in real labs as `run` does. */
export async function runCells(
  planned: readonly PlannedCell[],
  options: {
    readonly beforeCells?: (lab: Lab) => Promise<void>;
    readonly retries?: number;
    readonly onEvent?: (event: RunEvent) => void;
    readonly signal?: AbortSignal;
    readonly failFast?: boolean;
    readonly workers?: number;
    /** Left out: what a run traces by itself. */
    readonly trace?: "everything";
    /** Where everything is recorded, and left; else it is removed. */
    readonly folder?: string;
    /** In place of the project's. */
    readonly topologies?: Pick<NetworkCatalog, "get">;
    /** Beside the project's. */
    readonly profiles?: ReadonlyMap<string, ServerProfile>;
  } = {},
): Promise<MatrixReport> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { runMatrix } = await import("../../harness/run/run-matrix.ts");
  const { Lab } = await import("../../harness/lab/lab.ts");
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "ftp-nat-matrix-test-")));
  try {
    return await runMatrix(
      {
        id: makeRunId(new Date()),
        argv: [],
        cells: {
          planned,
          topologies: options.topologies ?? catalog.topologies,
          profiles: new Map([...catalog.profiles, ...(options.profiles ?? [])]),
        },
        settings: {
          repeatEach: 1,
          retries: options.retries ?? 0,
          failFast: options.failFast ?? false,
          workers: options.workers ?? 24,
          keepLab: false,
          ...(options.trace === undefined ? {} : { trace: options.trace }),
        },
        output: { folder, evidence: "on", tellsExamples: true },
        hooks: {
          beforeCells: async (lab) => {
            if (!(lab instanceof Lab)) throw new Error("a lab that is not in containers");
            await options.beforeCells?.(lab);
          },
        },
      },
      engine,
      options.onEvent ?? (() => undefined),
      options.signal ?? new AbortController().signal,
    );
  } finally {
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Names of the containers of a run that are still on the engine. */
export async function leftovers(engine: Engine, run: string): Promise<string[]> {
  const filters = { label: [`${labelKeys.run}=${run}`] };
  const found = await engine.docker.listContainers({ all: true, filters });
  return found.map((container) => container.Names.join());
}

/** Waits until a condition holds; fails after the deadline. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  deadlineMs: number,
  what: string,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The id of a software's first profile, which is the one that demands least. */
export function firstProfileOf(software: SoftwareId): string {
  const own = [...catalog.profiles.values()].filter((profile) => profile.software === software);
  const [first] = own.map(({ id }) => id).sort();
  if (first === undefined) throw new Error(`topologies/servers/ has no profile of ${software}`);
  return first;
}
