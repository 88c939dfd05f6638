import type { EvidenceStore } from "../evidence/recording/store";
import type { RunningLab, RunSite } from "../lab/lab-port";
import type { RunEvent } from "../model/events";
import type { ServerProfile } from "../model/server-profile";
import type { Examples } from "./examples";
import type { SessionPlaces } from "./session-places";

/** What the sessions of a run share, whichever lab they are in. */
export type SessionContext = {
  readonly places: SessionPlaces;
  readonly evidence: EvidenceStore;
  /** `null` if no report needs cells in full. */
  readonly examples: Examples | null;
  readonly retries: number;
  /** Aborted when the run must end: by the user, or by `-x` after the first unexpected cell. */
  readonly stop: AbortSignal;
  readonly emit: (event: RunEvent) => void;
};

/** What the labs of a run share. */
export type RunContext = SessionContext & {
  readonly site: RunSite;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
  readonly keepLab: boolean;
  /** Whether every packet is traced through every node. */
  readonly tracesAll: boolean;
  /** Resolves once the user's own files have been checked; cells wait for it. */
  readonly checked: Promise<unknown>;
  /** Called once a lab has passed its controls and before its cells run: what is changed in the lab now, the cells meet. */
  readonly beforeCells: (lab: RunningLab) => Promise<void>;
};
