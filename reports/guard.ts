import { describeError } from "../harness/model/errors";
import type { Reporter, RunEvent } from "../harness/model/events";
import { visible } from "../harness/text/escape";

/** Wraps a reporter so that its first error is noted once and it is left out from then on: a report is never worth a run. */
export class GuardedReporter implements Reporter {
  readonly name: string;
  #hasFailed = false;

  constructor(
    private readonly reporter: Reporter,
    private readonly note: (line: string) => void,
  ) {
    this.name = reporter.name;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  onEvent(event: RunEvent): void {
    if (this.#hasFailed) return;
    try {
      this.reporter.onEvent(event);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Called for a reporter that has failed as well: it may still hold the terminal. */
  async close(): Promise<void> {
    try {
      await this.reporter.close?.();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const { message, hint } = describeError(error);
    const remedy = hint === null ? "" : ` (${visible(hint)})`;
    this.note(`The ${this.name} reporter failed and will not be used: ${visible(message)}${remedy}\n`);
  }
}
