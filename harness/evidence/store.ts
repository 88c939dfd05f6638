import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CellResult } from "../model/cell";
import type { CellEvidence } from "../model/evidence";
import { renderRecording } from "./recording";

/** Which cells keep their evidence. */
export const evidencePolicies = ["on", "off", "retain-on-unexpected"] as const;
export type EvidencePolicy = (typeof evidencePolicies)[number];

/** Keeps what a verdict rests on under `cells/<cell id>/` of a run's folder. */
export class EvidenceStore {
  readonly #folder: string;
  readonly #policy: EvidencePolicy;

  constructor(folder: string, policy: EvidencePolicy) {
    this.#folder = folder;
    this.#policy = policy;
  }

  /** Writes a cell's recording and gives the files' paths, relative to the run's folder; none where nothing is kept. */
  async keep(result: CellResult, evidence: CellEvidence): Promise<readonly string[]> {
    const asExpected = result.outcome === "expected";
    if (this.#policy === "off" || (this.#policy === "retain-on-unexpected" && asExpected)) return [];
    // A cell that is repeated keeps each of its runs.
    const repeat = result.repeat === 1 ? [] : [`repeat-${String(result.repeat)}`];
    const base = join("cells", ...result.id.split("/"), ...repeat);
    const files = renderRecording(evidence).map(({ path, text }) => ({ path: join(base, path), text }));
    await mkdir(join(this.#folder, base), { recursive: true });
    await Promise.all(files.map(({ path, text }) => writeFile(join(this.#folder, path), text)));
    return files.map(({ path }) => path);
  }
}
