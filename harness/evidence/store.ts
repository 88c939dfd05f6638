import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attempt, CellResult } from "../model/cell";
import { renderTranscript } from "./transcript-text";

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

  /** Writes a cell's attempts and gives the files' paths, relative to the run's folder; none where nothing is kept. */
  async keep(result: CellResult, attempts: readonly Attempt[]): Promise<readonly string[]> {
    const asExpected = result.outcome === "expected";
    if (this.#policy === "off" || (this.#policy === "retain-on-unexpected" && asExpected)) return [];
    const base = join("cells", ...result.id.split("/"));
    const suffix = result.repeat === 1 ? "" : `-repeat-${String(result.repeat)}`;
    const files = [
      { path: join(base, `attempts${suffix}.json`), text: `${JSON.stringify(attempts, null, 2)}\n` },
      { path: join(base, `client${suffix}.txt`), text: attempts.map(renderTranscript).join("\n") },
    ];
    await mkdir(join(this.#folder, base), { recursive: true });
    await Promise.all(files.map(({ path, text }) => writeFile(join(this.#folder, path), text)));
    return files.map(({ path }) => path);
  }
}
