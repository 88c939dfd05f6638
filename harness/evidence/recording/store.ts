import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CellResult } from "../../model/cell";
import type { SessionEvidence } from "./assemble";
import { renderPacketFiles } from "../packets/packet-files";
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

  /** Whether no witness but the client is to be asked. */
  get isOff(): boolean {
    return this.#policy === "off";
  }

  /** Whether a cell's evidence is kept. */
  wants({ outcome }: CellResult, { keepsEvidence }: { readonly keepsEvidence?: true | undefined }): boolean {
    if (this.#policy === "retain-on-unexpected") return keepsEvidence === true || outcome !== "expected";
    return this.#policy === "on";
  }

  /**
   * Writes a cell's recording and gives the files' paths, relative to the run's folder.
   * @param keyLog TLS secrets, of this session and any others
   */
  async keep(result: CellResult, { evidence, packets }: SessionEvidence, keyLog: string): Promise<readonly string[]> {
    // A cell that is repeated keeps each of its runs.
    const repeat = result.repeat === 1 ? [] : [`repeat-${result.repeat}`];
    const base = join("cells", ...result.id.split("/"), ...repeat);
    const files = [
      ...renderRecording(evidence).map(({ path, text }) => ({ path: join(base, path), content: text })),
      ...renderPacketFiles(evidence.cell.id, packets, keyLog).map(({ path, bytes }) => ({
        path: join(base, path),
        content: bytes,
      })),
    ];
    await mkdir(join(this.#folder, base), { recursive: true });
    await Promise.all(files.map(({ path, content }) => writeFile(join(this.#folder, path), content)));
    return files.map(({ path }) => path);
  }
}
