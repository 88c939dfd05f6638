/** Reporter for a terminal: a small block redrawn in place, and what is unexpected in lines above it, as it comes. */
import type { CellResult } from "../harness/model/cell";
import type { Reporter, RunEvent } from "../harness/model/events";
import type { Colors } from "picocolors/types";
import type { Clock } from "./clock";
import { toAscii, visible } from "../harness/text/escape";
import { liveBlock } from "./live-block";
import { Progress } from "./progress";
import type { Symbols } from "./symbols";
import { symbolsFor } from "./symbols";
import type { Span } from "../harness/text/width";
import { lineWidth, paintLine, span } from "../harness/text/width";
import { resultText } from "./wording";

const redrawEveryMs = 100;
/** How often the time is brought up to date when nothing else happens. */
const tickEveryMs = 1000;
/** A run gone wrong altogether must not bury the screen; the list at the end goes on from there. */
const shownCells = 40;

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearToEndOfScreen = "\x1b[J";
/** Terminals that know synchronised updates show all in between at once; the others ignore it. */
const beginUpdate = "\x1b[?2026h";
const endUpdate = "\x1b[?2026l";

/** What the live view needs of a `tty.WriteStream`. */
export interface LiveStream {
  write(text: string): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

export type LiveOptions = {
  readonly stream: LiveStream;
  readonly clock: Clock;
  readonly colours: Colors;
  readonly unicode: boolean;
};

export class LiveReporter implements Reporter {
  readonly name = "live";
  private readonly progress = new Progress();
  private readonly symbols: Symbols;
  /** Lines that wait to be printed above the block. */
  private above: (readonly Span[])[] = [];
  /** Widths of the lines now on the screen, from which their height follows, also after the terminal was resized. */
  private drawn: readonly number[] = [];
  private printedCells = 0;
  private lastDrawAt = -Infinity;
  private timer: { readonly dueAt: number; readonly cancel: () => void } | null = null;
  private state: "new" | "open" | "closed" = "new";
  private readonly onResize = (): void => {
    this.redrawSoon();
  };

  constructor(private readonly options: LiveOptions) {
    this.symbols = symbolsFor(options.unicode);
  }

  onEvent(event: RunEvent): void {
    this.progress.apply(event, this.options.clock.now());
    if (this.state === "closed") return;
    this.open();
    this.above.push(...this.linesAbove(event));
    if (event.kind === "run-finished") this.shut();
    else this.redrawSoon();
  }

  close(): Promise<void> {
    this.shut();
    return Promise.resolve();
  }

  /** Takes the block off the screen and gives the cursor back; also for a process that ends before `close`. */
  shut(): void {
    if (this.state === "open") {
      this.timer?.cancel();
      this.timer = null;
      this.options.stream.off("resize", this.onResize);
      this.draw([]);
      this.options.stream.write(showCursor);
    }
    this.state = "closed";
  }

  private open(): void {
    if (this.state !== "new") return;
    this.state = "open";
    this.options.stream.write(hideCursor);
    this.options.stream.on("resize", this.onResize);
  }

  private redrawSoon(): void {
    this.drawAt(Math.max(this.options.clock.now(), this.lastDrawAt + redrawEveryMs));
  }

  private drawAt(dueAt: number): void {
    if (this.timer !== null && this.timer.dueAt <= dueAt) return;
    this.timer?.cancel();
    const cancel = this.options.clock.after(dueAt - this.options.clock.now(), () => {
      this.timer = null;
      this.lastDrawAt = this.options.clock.now();
      this.draw(
        liveBlock(this.progress, { ...this.size(), ...this.options, now: this.lastDrawAt, symbols: this.symbols }),
      );
      this.drawAt(this.lastDrawAt + tickEveryMs);
    });
    this.timer = { dueAt, cancel };
  }

  private size(): { readonly columns: number; readonly rows: number } {
    const { columns = 0, rows = 0 } = this.options.stream;
    // 0 is what some pseudo-terminals answer that were never told a size.
    return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
  }

  /** One write, so that it does not flicker. Erasing line by line would leave blanks that wrap when the window narrows. */
  private draw(block: readonly (readonly Span[])[]): void {
    const { columns } = this.size();
    const height = this.drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    const up = height > 1 ? `\x1b[${height - 1}A` : "";
    // A line that fills the last column leaves the cursor in a place that differs from terminal to terminal.
    const paint = (line: readonly Span[]): string => paintLine(line, columns - 1);
    const above = this.above.map((line) => `${paint(line)}\n`).join("");
    const lines = `${above}${block.map(paint).join("\n")}`;
    const text = `${beginUpdate}\r${up}${clearToEndOfScreen}${lines}${endUpdate}`;
    this.options.stream.write(this.options.unicode ? text : toAscii(text));
    this.above = [];
    this.drawn = block.map((line) => Math.min(lineWidth(line), columns - 1));
  }

  private linesAbove(event: RunEvent): readonly (readonly Span[])[] {
    const { colours } = this.options;
    const bad = (text: string): string => colours.bold(colours.magenta(text));
    switch (event.kind) {
      case "cell-finished":
        return event.result.outcome === "unexpected" ? this.cellLines(event.result) : [];
      case "control-finished":
        if (event.control.outcome !== "failed") return [];
        return [
          [span(`${this.symbols.labError} control failed `, bad), span(visible(event.control.id), colours.bold)],
          [span(`  ${visible(event.control.detail)}`)],
        ];
      case "lab-failed":
        return [
          [span(`${this.symbols.labError} lab broke `, bad), span(visible(event.topology), colours.bold)],
          [span(`  ${visible(event.message)}`)],
          ...(event.hint === null ? [] : [[span(`  ${visible(event.hint)}`, colours.dim)]]),
        ];
      case "notice":
        return [[span(visible(event.text), colours.dim)]];
      case "run-started":
      case "lab-starting":
      case "lab-ready":
      case "lab-closed":
      case "session-finished":
      case "cell-started":
      case "run-finished":
        return [];
    }
  }

  private cellLines(cell: CellResult): readonly (readonly Span[])[] {
    const { colours } = this.options;
    this.printedCells += 1;
    if (this.printedCells > shownCells + 1) return [];
    if (this.printedCells > shownCells)
      return [[span("... more unexpected cells are counted below and listed in the reports", colours.dim)]];
    const message = cell.message === null ? "" : `: ${visible(cell.message)}`;
    return [
      [
        span(`${this.symbols.unexpected} unexpected `, (text) => colours.bold(colours.red(text))),
        span(visible(cell.id), colours.bold),
      ],
      [
        span(`  expected ${visible(resultText(cell.expected))}, got ${visible(resultText(cell))}`),
        span(message, colours.dim),
      ],
    ];
  }
}
