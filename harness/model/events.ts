import type { CellResult, PlannedCell } from "./cell";
import type { ControlResult, MatrixReport, RunInfo } from "./report";

/** The one stream that every reporter reads; replaying recorded events gives the same report. */
export type RunEvent =
  | {
      readonly kind: "run-started";
      readonly run: Pick<RunInfo, "id" | "startedAt" | "argv">;
      /** Cells times repeats. */
      readonly total: number;
      readonly labs: readonly string[];
    }
  | { readonly kind: "lab-starting"; readonly topology: string }
  | { readonly kind: "lab-ready"; readonly topology: string; readonly durationMs: number }
  | { readonly kind: "control-finished"; readonly control: ControlResult }
  | { readonly kind: "cell-started"; readonly planned: PlannedCell; readonly repeat: number }
  /** A cell's session is over; its verdict follows once the lab's witnesses have been heard. */
  | { readonly kind: "session-finished"; readonly planned: PlannedCell; readonly asExpected: boolean }
  | { readonly kind: "cell-finished"; readonly result: CellResult }
  /** The lab could not be built, or broke: its unfinished cells follow as `lab-error`. */
  | { readonly kind: "lab-failed"; readonly topology: string; readonly message: string; readonly hint: string | null }
  | { readonly kind: "lab-closed"; readonly topology: string; readonly kept: boolean }
  /** Something a person should know that changes no verdict. */
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "run-finished"; readonly report: MatrixReport; readonly folder: string | null };

/** Obeys events; never decides anything. A reporter that throws is reported and left out, the run goes on. */
export interface Reporter {
  readonly name: string;
  /** Whether it has failed, so that what it was to write is lost or elsewhere; known once it is closed. */
  readonly hasFailed?: boolean;
  onEvent(event: RunEvent): void;
  /** Called once after the last event; files are flushed here. */
  close?(): Promise<void>;
}
