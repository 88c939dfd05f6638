import type { Stage } from "../model/axes";
import type { StageClock } from "./stage-clock";
import type { TransferState } from "./transfer-state";
import { stageOfTransfer } from "./transfer-state";

/** Keeps a transfer's state and moves the stage clock on with it. */
export class TransferProgress {
  readonly #clock: StageClock;
  readonly #overdue: string;
  #state: TransferState;

  /** @param overdue what to say when the data connection does not come about in time */
  constructor(clock: StageClock, isProtected: boolean, overdue: string) {
    this.#clock = clock;
    this.#overdue = overdue;
    this.#state = {
      protected: isProtected,
      preliminary: false,
      connected: false,
      ready: false,
      flow: "none",
      finished: false,
    };
    clock.enter("data-connect", overdue);
  }

  get state(): TransferState {
    return this.#state;
  }

  /** What is awaited where it is not a reply. */
  #overdueAt(stage: Stage): string | undefined {
    if (stage === "completion") return undefined;
    if (stage !== "data-connect") return "Timeout (data socket)";
    // Some servers take a connection that they do not want, and say nothing of it.
    return this.#state.connected ? undefined : this.#overdue;
  }

  note(change: Partial<TransferState>): void {
    this.#state = { ...this.#state, ...change };
    const stage = stageOfTransfer(this.#state);
    this.#clock.enter(stage, this.#overdueAt(stage));
  }
}
