import type { TranscriptLine } from "../model/cell";

/** The control dialogue, line by line, with the client's remarks. */
export class Transcript {
  readonly lines: TranscriptLine[] = [];
  readonly #now: () => number;
  #partial = "";

  /** @param now ms since the session's start */
  constructor(now: () => number) {
    this.#now = now;
  }

  remark(text: string): void {
    this.#add("*", text);
  }

  sent(command: string): void {
    this.#add(">", command);
  }

  /** Takes what arrived, however it was cut; only whole lines are written down until {@link flush}. */
  received(chunk: string): void {
    const pieces = (this.#partial + chunk).split(/\r?\n/);
    this.#partial = pieces.pop() ?? "";
    for (const line of pieces) this.#add("<", line);
  }

  /** Writes down a reply that was cut off. */
  flush(): void {
    if (this.#partial !== "") this.#add("<", this.#partial);
    this.#partial = "";
  }

  #add(direction: TranscriptLine["direction"], text: string): void {
    this.lines.push({ atMs: this.#now(), direction, text });
  }
}
