import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../lab/engine";
import type { CellResult, PlannedCell } from "../model/cell";
import { LabError } from "../model/errors";
import type { RunEvent } from "../model/events";
import type { CellEvidence } from "../model/evidence";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { readRecording } from "../evidence/recording/read-recording";
import { onceEach, type MatrixRun } from "./matrix-run";
import { makeRunId } from "./run-id";
import { runMatrix } from "./run-matrix";

/** One cell and the set-up to run it in. */
export type OneCell = {
  readonly planned: PlannedCell;
  readonly topology: Topology;
  readonly server: ServerProfile;
  /** Profiles by id; the negative controls need one that speaks plain FTP. */
  readonly profiles: ReadonlyMap<string, ServerProfile>;
};

/**
 * Runs one cell in a lab of its own with everything recorded.
 * @throws LabError when the lab could not be built or broke.
 */
export async function runOne(
  { planned, topology, server, profiles }: OneCell,
  engine: Engine,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<{ readonly result: CellResult; readonly evidence: CellEvidence }> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-"));
  try {
    const run: MatrixRun = {
      id: makeRunId(new Date()),
      argv: [],
      cells: {
        planned: [planned],
        topologies: new Map([[topology.id, topology]]),
        profiles: new Map([...profiles, [server.id, server]]),
      },
      settings: onceEach(1),
      output: { folder, evidence: "on", tellsExamples: false },
    };
    const { cells } = await runMatrix(run, engine, onEvent, signal);
    const [result] = cells;
    if (result === undefined || result.result === "not-run") {
      throw new LabError("run", result?.message ?? "The cell was not run.", { code: "not-run" });
    }
    const { evidence } = readRecording(join(folder, "cells", ...result.id.split("/")));
    if (evidence === null)
      throw new LabError("run", "The cell's evidence could not be read back.", { code: "no-evidence" });
    return { result, evidence };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
