/** A session's stages on one or two lines. */
import type { Stage } from "../harness/model/axes";
import type { Attempt } from "../harness/model/cell";
import { thousands } from "../harness/text/quantity";
import type { Symbols } from "./symbols";
import { displayWidth } from "../harness/text/width";

type Rung = { readonly text: string; readonly ms: number };

/**
 * `✓ login 3 ms · ✗ data-connect 2,001 ms`, in lines of a width. A stage that came several times (a transfer each) counts
 * once, with its times together. Where it would take more than `most` lines, the first stages are counted and not named.
 */
export function stageLadder(
  attempt: Attempt,
  symbols: Symbols,
  { width, most }: { readonly width: number; readonly most: number },
): string[] {
  const rungs = rungsOf(attempt, symbols);
  let lines = linesOf(rungs, symbols, width);
  for (let merged = 2; lines.length > most && merged < rungs.length; merged += 1) {
    const ms = rungs.slice(0, merged).reduce((sum, rung) => sum + rung.ms, 0);
    const first = { text: `${symbols.worked} ${merged} stages ${timeText(ms)}`, ms };
    lines = linesOf([first, ...rungs.slice(merged)], symbols, width);
  }
  return lines.slice(0, most);
}

function rungsOf({ stages, stage: failed }: Attempt, symbols: Symbols): readonly Rung[] {
  const times = new Map<Stage, number>();
  for (const { stage, startMs, endMs } of stages) {
    times.set(stage, (times.get(stage) ?? 0) + Math.max(0, endMs - startMs));
  }
  const passed = [...times].filter(([stage]) => stage !== failed);
  const rungs = passed.map(([stage, ms]) => ({ text: `${symbols.worked} ${stage} ${timeText(ms)}`, ms }));
  if (failed === null) return rungs;
  // The hashes are checked after the session and have no time of their own.
  const ms = times.get(failed);
  return [...rungs, { text: `${symbols.failed} ${failed}${ms === undefined ? "" : ` ${timeText(ms)}`}`, ms: ms ?? 0 }];
}

function timeText(ms: number): string {
  return ms < 0.5 ? "<1 ms" : `${thousands(Math.round(ms))} ms`;
}

function linesOf(rungs: readonly Rung[], { dot }: Symbols, width: number): string[] {
  const lines: string[] = [];
  for (const { text } of rungs) {
    const last = lines.at(-1);
    const longer = `${last ?? ""} ${dot} ${text}`;
    if (last === undefined || displayWidth(longer) > width) lines.push(text);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
