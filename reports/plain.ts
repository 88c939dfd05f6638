/** Reporter for logs and pipes: every line can be understood by itself, and none is ever taken back. */
import { outcomes } from "../harness/model/axes";
import type { Reporter, RunEvent } from "../harness/model/events";
import type { Clock } from "./clock";
import { toAscii, visible } from "../harness/text/escape";
import type { LabProgress } from "./progress";
import { Progress } from "./progress";
import { coarseDuration, counted, duration, thousands } from "../harness/text/quantity";
import { resultText } from "./wording";

const progressEveryMs = 10_000;

export type PlainOptions = {
  readonly stream: { write(text: string): unknown };
  readonly clock: Clock;
  readonly unicode: boolean;
};

export class PlainReporter implements Reporter {
  readonly name = "plain";
  private readonly progress = new Progress();
  private lastProgressAt: number | null = null;

  constructor(private readonly options: PlainOptions) {}

  onEvent(event: RunEvent): void {
    const now = this.options.clock.now();
    this.progress.apply(event, now);
    for (const line of this.linesOf(event)) this.print(now, line);
    if (event.kind === "run-finished") return;
    this.lastProgressAt ??= now;
    if (now - this.lastProgressAt < progressEveryMs) return;
    this.lastProgressAt = now;
    this.print(now, this.progressLine(now));
  }

  private print(now: number, line: string): void {
    const text = `[${coarseDuration(this.progress.elapsedMs(now))}] ${line}\n`;
    this.options.stream.write(this.options.unicode ? text : toAscii(text));
  }

  private linesOf(event: RunEvent): readonly string[] {
    switch (event.kind) {
      case "run-started":
        return [
          `run ${visible(event.run.id)}: ${counted(event.total, "cell")} in ${counted(event.labs.length, "lab")}`,
        ];
      case "lab-ready":
        return [`lab ${visible(event.topology)} ready after ${duration(event.durationMs)}`];
      case "lab-closed":
        return [closedLine(this.progress.labOf(event.topology), event.kept)];
      case "lab-failed": {
        const hint = event.hint === null ? "" : ` (${visible(event.hint)})`;
        return [`lab ${visible(event.topology)} broke: ${visible(event.message)}${hint}`];
      }
      case "control-finished":
        if (event.control.outcome !== "failed") return [];
        return [`control ${visible(event.control.id)} failed: ${visible(event.control.detail)}`];
      case "cell-finished": {
        const cell = event.result;
        if (cell.outcome !== "unexpected") return [];
        const message = cell.message === null ? "" : `: ${visible(cell.message)}`;
        const verdict = `expected ${visible(resultText(cell.expected))}, got ${visible(resultText(cell))}`;
        return [`unexpected ${visible(cell.id)}: ${verdict}${message}`];
      }
      case "notice":
        return [`notice: ${visible(event.text)}`];
      case "lab-starting":
      case "session-finished":
      case "cell-started":
      case "run-finished":
        return [];
    }
  }

  private progressLine(now: number): string {
    const { done, total, outcomes: counts } = this.progress;
    const remaining = this.progress.remainingMs(now);
    const left = remaining === null ? "" : `, about ${coarseDuration(remaining)} left`;
    const troubles = `${thousands(counts.unexpected)} unexpected, ${counted(counts["lab-error"], "lab error")}`;
    return `${thousands(done)} of ${counted(total, "cell")} done: ${troubles}${left}`;
  }
}

function closedLine(lab: LabProgress, kept: boolean): string {
  const counts = outcomes
    .filter((outcome) => lab.outcomes[outcome] > 0)
    .map((outcome) => `${thousands(lab.outcomes[outcome])} ${outcome}`);
  const verdict = counts.length === 0 ? "" : `, ${counts.join(", ")}`;
  return `lab ${visible(lab.topology)} ${kept ? "kept" : "closed"}: ${counted(lab.done, "cell")}${verdict}`;
}
