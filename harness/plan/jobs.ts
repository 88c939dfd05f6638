import type { NetworkCatalog } from "../catalog/conditions/network-catalog";
import type { PlannedCell } from "../model/cell";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { hostsOf, labId, type HostImages } from "./labs";

/** One run of one cell; `repeat` counts from 1. */
export type CellRun = { readonly planned: PlannedCell; readonly repeat: number };

/** Cells that share a lab. */
export type LabJob = {
  /** See `labId`. */
  readonly id: string;
  readonly topology: Topology;
  /** The images that its clients and its server live in. */
  readonly hosts: HostImages;
  readonly runs: readonly CellRun[];
};

/** Cells, and the set-ups by id that they name. */
export type RunCells = {
  /** In the order in which they are reported. */
  readonly planned: readonly PlannedCell[];
  readonly topologies: Pick<NetworkCatalog, "get">;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
};

/** Each cell as often as it is run: as it says itself, or else `repeatEach` times. */
export function runsOf(planned: readonly PlannedCell[], repeatEach: number): readonly CellRun[] {
  return planned.flatMap((each) =>
    Array.from({ length: each.runs ?? repeatEach }, (_, index) => ({ planned: each, repeat: index + 1 })),
  );
}

/** The labs that these runs need, in the order in which they first do. */
export function jobsOf(
  runs: readonly CellRun[],
  { topologies, profiles }: Pick<RunCells, "topologies" | "profiles">,
): readonly LabJob[] {
  const jobs = new Map<string, LabJob & { readonly runs: CellRun[] }>();
  for (const run of runs) {
    const { cell } = run.planned;
    const hosts = hostsOf(cell, profiles);
    const id = labId(cell.topology, hosts);
    const topology = topologies.get(cell.topology);
    if (topology === undefined) throw new Error(`no topology ${cell.topology}`);
    const job = jobs.get(id) ?? { id, topology, hosts, runs: [] };
    job.runs.push(run);
    jobs.set(id, job);
  }
  return [...jobs.values()];
}
