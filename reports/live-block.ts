/** The block that the live view redraws: a pure picture of the progress. */
import type { Colors } from "picocolors/types";
import { visible } from "../harness/text/escape";
import type { LabProgress, Progress } from "./progress";
import { coarseDuration, counted, thousands } from "../harness/text/quantity";
import type { Symbols } from "./symbols";
import type { Span } from "../harness/text/width";
import { lineWidth, span } from "../harness/text/width";

/** More labs than that at once are counted and not listed. */
const shownLabs = 6;
const longestBar = 60;

export type BlockOptions = {
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly colours: Colors;
  readonly symbols: Symbols;
};

/** Never more than `rows - 1` lines: what has scrolled off the top cannot be redrawn. */
export function liveBlock(progress: Progress, options: BlockOptions): readonly (readonly Span[])[] {
  const active = progress.labs.filter((lab) => lab.state === "starting" || lab.state === "running");
  const room = Math.max(0, Math.min(shownLabs, options.rows - 5));
  const listed = active.length <= room ? active : active.slice(0, Math.max(0, room - 1));
  const lines = [
    barLine(progress, options),
    countLine(progress, options),
    labLine(progress, options),
    ...listed.map((lab) => runningLine(lab, options)),
  ];
  const hidden = active.length - listed.length;
  if (hidden > 0) lines.push([span(`         ... and ${counted(hidden, "more lab")} at work`, options.colours.dim)]);
  return lines.slice(0, Math.max(1, options.rows - 1));
}

function label(text: string, { colours }: BlockOptions): Span {
  return span(` ${text.padEnd(6)} `, colours.dim);
}

function barLine(progress: Progress, options: BlockOptions): readonly Span[] {
  const { colours, symbols, now } = options;
  const share = progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
  const remaining = progress.remainingMs(now);
  const left = remaining === null ? "" : ` ${symbols.dot} about ${coarseDuration(remaining)} left`;
  const words = [
    span(`  ${thousands(progress.done)}/${thousands(progress.total)}`, colours.bold),
    span(`  ${String(Math.floor(share * 100)).padStart(3)} %`),
    span(`   ${coarseDuration(progress.elapsedMs(now))}${left}`, colours.dim),
  ];
  const start = label("cells", options);
  const length = Math.max(8, Math.min(longestBar, options.columns - lineWidth([start, ...words]) - 1));
  const full = Math.floor(share * length);
  return [
    start,
    span(symbols.barFull.repeat(full), colours.green),
    span(symbols.barEmpty.repeat(length - full), colours.dim),
    ...words,
  ];
}

function countLine(progress: Progress, options: BlockOptions): readonly Span[] {
  const { colours, symbols } = options;
  const count = (number: number, words: string, paint: (text: string) => string): Span =>
    span(`${thousands(number)} ${words}`, number === 0 ? colours.dim : paint);
  const loud = (text: string): string => colours.bold(colours.red(text));
  const dot = span(` ${symbols.dot} `, colours.dim);
  const { outcomes, failedControls } = progress;
  const line = [
    label("", options),
    count(outcomes.expected, "expected", colours.green),
    dot,
    count(outcomes.unexpected, "unexpected", loud),
    dot,
    count(outcomes["lab-error"], outcomes["lab-error"] === 1 ? "lab error" : "lab errors", loud),
  ];
  if (outcomes.flaky > 0) line.push(dot, count(outcomes.flaky, "flaky", colours.yellow));
  if (outcomes.skipped > 0) line.push(dot, count(outcomes.skipped, "skipped", colours.cyan));
  if (failedControls > 0) line.push(dot, span(`${counted(failedControls, "control")} failed`, loud));
  return line;
}

function labLine(progress: Progress, options: BlockOptions): readonly Span[] {
  const { colours, symbols } = options;
  const inState = (...states: readonly LabProgress["state"][]): number =>
    progress.labs.filter((lab) => states.includes(lab.state)).length;
  const failed = inState("failed");
  return [
    label("labs", options),
    span(`${symbols.worked} ${inState("closed")} done`, colours.green),
    span(`   ${symbols.running} ${inState("starting", "running")} at work`),
    span(`   ${symbols.waiting} ${inState("waiting")} to come`, colours.dim),
    ...(failed === 0 ? [] : [span(`   ${symbols.failed} ${failed} broken`, colours.red)]),
  ];
}

function runningLine(lab: LabProgress, { colours, symbols }: BlockOptions): readonly Span[] {
  const underWay = Math.max(0, lab.started - lab.done);
  const state =
    lab.state === "starting"
      ? "starting"
      : `${counted(lab.done, "cell")} done${underWay === 0 ? "" : `, ${thousands(underWay)} under way`}`;
  const unexpected = lab.outcomes.unexpected === 0 ? "" : `, ${thousands(lab.outcomes.unexpected)} unexpected`;
  return [
    span("        "),
    span(`${symbols.running} `, lab.state === "starting" ? colours.yellow : colours.green),
    span(visible(lab.topology).padEnd(30)),
    span(` ${state}`, colours.dim),
    span(unexpected, colours.red),
  ];
}
