import type { Slots } from "./slots";
import type { Examples } from "./examples";
import type { EvidenceStore } from "../evidence/recording/store";
import type { HostImages } from "../plan/labs";
import type { Lab } from "../lab/lab";
import { type LabSite } from "../lab/lab";
import type { Topology } from "../model/topology";
import type { ServerProfile } from "../model/server-profile";
import type { RunEvent } from "../model/events";
import type { PlannedCell } from "../model/cell";
/** One run of one cell; `repeat` counts from 1. */
export type CellRun = { readonly planned: PlannedCell; readonly repeat: number };

/** Cells that share a lab. */
export type LabJob = {
  readonly id: string;
  readonly topology: Topology;
  /** The images that its clients and its server live in. */
  readonly hosts: HostImages;
  readonly runs: readonly CellRun[];
};

/** What every lab of a run works with. */
export type RunContext = {
  readonly site: LabSite;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
  readonly slots: Slots;
  /** Beside that, for programs that take a desktop with them. */
  readonly heavySlots: Slots;
  readonly evidence: EvidenceStore;
  /** `null` where no report tells of cells in full. */
  readonly examples: Examples | null;
  readonly retries: number;
  readonly keepLab: boolean;
  /** Aborted when the run must end: by the user, or by `-x` after the first unexpected cell. */
  readonly stop: AbortSignal;
  /** Settled when what is a user's own has been looked at. */
  readonly checked: Promise<unknown>;
  readonly emit: (event: RunEvent) => void;
  /** Called once a lab has passed its controls and before its cells run: what is changed in the lab now, the cells meet. */
  readonly beforeCells: (lab: Lab) => Promise<void>;
  readonly noteVersions: (versions: Readonly<Record<string, string>>) => void;
};
