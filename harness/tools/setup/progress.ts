import picocolors from "picocolors";
import { describeError } from "../../model/errors";

/** Where progress is written; a terminal gets colours and one line that changes in place. */
export type ProgressTarget = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** Plain output must show life too, where nothing changes in place. */
const lifeSignMs = 15_000;
const repaintMs = 200;

/** Prints one line a step, with ✓ (fine), → (about to, or doing) or ✗ (failed) and the time that it took. */
export class Progress {
  private readonly colors;
  private readonly live: boolean;

  constructor(
    private readonly target: ProgressTarget,
    private readonly quiet: boolean,
    /** What fails after an interruption fails because of it, and is not told. */
    private readonly signal: AbortSignal,
  ) {
    this.live = target.isTTY === true && !quiet && process.env["TERM"] !== "dumb";
    this.colors = picocolors.createColors(target.isTTY === true && (process.env["NO_COLOR"] ?? "") === "");
  }

  /** Does a step; `work` gives what it found or did, as a few words. A failure is printed and thrown on. */
  async step<Result extends { readonly summary: string }>(
    title: string,
    work: (notes: StepNotes) => Promise<Result>,
  ): Promise<Result> {
    const startedAt = performance.now();
    const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    let detail = "";
    const timer = this.showLife(() => `${title}: ${detail === "" ? "" : `${detail}, `}${seconds()}`);
    try {
      const result = await work({
        announce: (text) => {
          this.line(`${this.colors.cyan("→")} ${title}: ${text}`);
        },
        detail: (text) => {
          detail = text.trim();
        },
      });
      this.line(`${this.colors.green("✓")} ${title}: ${result.summary} ${this.colors.dim(`(${seconds()})`)}`);
      return result;
    } catch (error) {
      if (!this.signal.aborted) this.failure(title, error);
      throw error;
    } finally {
      clearInterval(timer);
      this.erase();
    }
  }

  /** One line that belongs to no step. */
  say(text: string): void {
    this.line(text);
  }

  /** A failure and its remedies are printed even when quiet. */
  private failure(title: string, error: unknown): void {
    const { message, hint } = describeError(error);
    this.erase();
    this.target.write(`${this.colors.red("✗")} ${title}: ${message}\n`);
    for (const remedy of (hint ?? "").split("\n").filter((line) => line !== "")) {
      this.target.write(`  ${this.colors.yellow("→")} ${remedy}\n`);
    }
  }

  private line(text: string): void {
    if (this.quiet) return;
    this.erase();
    this.target.write(`${text}\n`);
  }

  private showLife(describe: () => string): NodeJS.Timeout | undefined {
    if (this.quiet) return undefined;
    const width = (this.target.columns ?? 80) - 4;
    return setInterval(
      () => {
        if (this.live) this.target.write(`\r\u001b[K${this.colors.cyan("→")} ${describe().slice(0, width)}`);
        else this.target.write(`  … ${describe()}\n`);
      },
      this.live ? repaintMs : lifeSignMs,
    );
  }

  private erase(): void {
    if (this.live) this.target.write("\r\u001b[K");
  }
}

/** What a step reports while it works. */
export type StepNotes = {
  /** Something is about to be done; keeps a line of its own. */
  readonly announce: (text: string) => void;
  /** How far it is; shown only while it lasts. */
  readonly detail: (text: string) => void;
};
