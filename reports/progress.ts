/** How far a run has come, from its events: what the live view and the plain log both show. */
import type { Outcome } from "../harness/model/axes";
import { outcomes } from "../harness/model/axes";
import type { RunEvent } from "../harness/model/events";

type LabState = "waiting" | "starting" | "running" | "failed" | "closed";

export type LabProgress = {
  readonly topology: string;
  readonly state: LabState;
  readonly started: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Cells whose session is over, whether or not their verdict is known yet. */
  readonly done: number;
};

type MutableLab = {
  topology: string;
  state: LabState;
  started: number;
  outcomes: Record<Outcome, number>;
  done: number;
  /** Sessions that are over, and verdicts; a cell that was never run has only the latter. */
  sessions: number;
  verdicts: number;
};

/** An estimate from less than this is worth nothing. */
const minElapsedMs = 2000;
const minShareDone = 0.02;

export class Progress {
  total = 0;
  done = 0;
  failedControls = 0;
  readonly outcomes: Record<Outcome, number> = zeroes();
  private readonly labsByTopology = new Map<string, MutableLab>();
  private startedAt: number | null = null;

  /** `now` is the instant of the event on a monotonic clock, in ms. */
  apply(event: RunEvent, now: number): void {
    this.startedAt ??= now;
    switch (event.kind) {
      case "run-started":
        this.total = event.total;
        for (const topology of event.labs) this.lab(topology);
        break;
      case "lab-starting":
        this.lab(event.topology).state = "starting";
        break;
      case "lab-ready":
        this.lab(event.topology).state = "running";
        break;
      case "lab-failed":
        this.lab(event.topology).state = "failed";
        break;
      case "lab-closed": {
        const lab = this.lab(event.topology);
        if (lab.state !== "failed") lab.state = "closed";
        break;
      }
      case "control-finished":
        if (event.control.outcome === "failed") this.failedControls += 1;
        break;
      case "cell-started":
        this.lab(event.planned.cell.topology).started += 1;
        break;
      case "session-finished": {
        const lab = this.lab(event.planned.cell.topology);
        lab.sessions += 1;
        this.countDone(lab);
        break;
      }
      case "cell-finished": {
        const lab = this.lab(event.result.topology);
        lab.verdicts += 1;
        lab.outcomes[event.result.outcome] += 1;
        this.countDone(lab);
        this.outcomes[event.result.outcome] += 1;
        break;
      }
      case "notice":
      case "run-finished":
        break;
    }
  }

  /** In the order in which the run named them. */
  get labs(): readonly LabProgress[] {
    return [...this.labsByTopology.values()];
  }

  labOf(topology: string): LabProgress {
    return this.lab(topology);
  }

  elapsedMs(now: number): number {
    return this.startedAt === null ? 0 : now - this.startedAt;
  }

  /** As if the rest went at the pace so far; `null` while too little is done to tell. */
  remainingMs(now: number): number | null {
    const elapsed = this.elapsedMs(now);
    if (this.done === 0 || elapsed < minElapsedMs || this.done < this.total * minShareDone) return null;
    return (elapsed * Math.max(0, this.total - this.done)) / this.done;
  }

  private countDone(lab: MutableLab): void {
    const before = lab.done;
    lab.done = Math.max(lab.sessions, lab.verdicts);
    this.done += lab.done - before;
  }

  private lab(topology: string): MutableLab {
    const known = this.labsByTopology.get(topology);
    if (known !== undefined) return known;
    const lab: MutableLab = {
      topology,
      state: "waiting",
      started: 0,
      outcomes: zeroes(),
      done: 0,
      sessions: 0,
      verdicts: 0,
    };
    this.labsByTopology.set(topology, lab);
    return lab;
  }
}

function zeroes(): Record<Outcome, number> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}
