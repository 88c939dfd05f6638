import type { Clock } from "../../reports/clock";
import type { LiveStream } from "../../reports/live";

/** As much of a terminal as the live view uses: what a person would see on it. Lines that reach the edge wrap. */
export class Screen implements LiveStream {
  isCursorShown = true;
  writes = 0;
  columns: number;
  rows: number;
  private lines: string[] = [""];
  private row = 0;
  private column = 0;
  private readonly listeners = new Set<() => void>();

  constructor(columns = 100, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  get text(): string {
    return this.lines
      .map((line) => line.trimEnd())
      .join("\n")
      .trimEnd();
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  on(_event: "resize", listener: () => void): void {
    this.listeners.add(listener);
  }

  off(_event: "resize", listener: () => void): void {
    this.listeners.delete(listener);
  }

  /** Lines that no longer fit go on in the next line, as terminals do it. */
  resize(columns: number): void {
    this.columns = columns;
    this.lines = this.lines.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, "gu")) ?? [""]);
    this.row = this.lines.length - 1;
    for (const listener of this.listeners) listener();
  }

  write(text: string): void {
    this.writes += 1;
    // eslint-disable-next-line no-control-regex
    for (const [token] of text.matchAll(/\x1b\[[?\d;]*[A-Za-z]|[^]/gu)) this.obey(token);
  }

  private obey(token: string): void {
    if (token === "\x1b[?25l") this.isCursorShown = false;
    else if (token === "\x1b[?25h") this.isCursorShown = true;
    else if (token === "\x1b[J") this.clearBelow();
    else if (token.startsWith("\x1b[") && token.endsWith("A")) this.row -= Number(token.slice(2, -1));
    else if (token === "\r") this.column = 0;
    else if (token === "\n") this.newLine();
    else if (!token.startsWith("\x1b")) this.put(token);
    if (this.row < 0) throw new Error("the cursor left the screen at the top");
  }

  private clearBelow(): void {
    this.lines[this.row] = (this.lines[this.row] ?? "").slice(0, this.column);
    this.lines.length = this.row + 1;
  }

  private newLine(): void {
    this.row += 1;
    this.column = 0;
    this.lines[this.row] ??= "";
  }

  private put(character: string): void {
    if (this.column >= this.columns) this.newLine();
    const line = (this.lines[this.row] ?? "").padEnd(this.column);
    this.lines[this.row] = line.slice(0, this.column) + character + line.slice(this.column + 1);
    this.column += 1;
  }
}

/** A clock that moves when told to. */
export class ManualClock implements Clock {
  private time = 0;
  private timers: { dueAt: number; action: () => void }[] = [];

  get pending(): number {
    return this.timers.length;
  }

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueAt: this.time + delayMs, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.timers.filter((timer) => timer.dueAt <= end).sort((a, b) => a.dueAt - b.dueAt);
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.dueAt);
      next.action();
    }
    this.time = end;
  }
}
