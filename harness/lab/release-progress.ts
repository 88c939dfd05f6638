/** A step of getting images of releases ready. */
export type ReleaseStep = {
  readonly what: string;
  /** How long it takes on a machine with two cores that does nothing else. */
  readonly usualSeconds: number;
};

/**
 * Tells which of several steps begins, and how long all that are left take: as usual, or by the pace of those that are done.
 * @param now seconds
 */
export class ReleaseProgress {
  readonly #steps: readonly ReleaseStep[];
  readonly #now: () => number;
  readonly #startedAt: number;

  constructor(steps: readonly ReleaseStep[], now: () => number) {
    this.#steps = steps;
    this.#now = now;
    this.#startedAt = now();
  }

  /** The line for the step of this index, from 0, which begins now. */
  begin(index: number): string {
    const done = secondsOf(this.#steps.slice(0, index));
    const pace = done === 0 ? 1 : (this.#now() - this.#startedAt) / done;
    const left = secondsOf(this.#steps.slice(index)) * pace;
    const what = this.#steps[index]?.what ?? "";
    return `step ${index + 1} of ${this.#steps.length}, once: ${what} (about ${Math.max(1, Math.round(left))} s left)`;
  }
}

function secondsOf(steps: readonly ReleaseStep[]): number {
  return steps.reduce((sum, { usualSeconds }) => sum + usualSeconds, 0);
}
