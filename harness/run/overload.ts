/** Recognises failures that a machine caused by being too slow: no verdict may rest on them. */
import type { CellEvidence } from "../model/evidence";
import type { CauseId } from "../model/ids";
import { isMissing } from "../model/gaps";

/** How busy the machine is. */
export type Load = {
  /** Processes that want to run, on the average of the last minute. */
  readonly running: number;
  readonly processors: number;
};

/** More than so many for each processor, and time-outs are no longer the network's. */
const busy = 4;

/** `load 19.8 on 2 processors`. */
export function loadWords({ running, processors }: Load): string {
  return `load ${running.toFixed(1)} on ${processors} processors`;
}

/** Whether time-outs may be the machine's. */
export function isBusy({ running, processors }: Load): boolean {
  return running > busy * processors;
}

/** Sessions that may work at once, for each processor, before their time-outs are the machine's. */
const mostWorkersEach = 48;

/** The warning before a run on an overloaded machine; `null` if the machine is not overloaded. */
export function busyWarning(load: Load, workers: number): string | null {
  if (isBusy(load))
    return `The machine is busy (${loadWords(load)}): time-outs may be its own, and such cells end as lab-error.`;
  const most = load.processors * mostWorkersEach;
  return workers > most
    ? `${workers} workers are too many for ${load.processors} processors: above ${most}, time-outs may be the machine's.`
    : null;
}

/** In the words of `program-session`: the harness ended the client. */
const endedByUs = /^ended after \d+ s, since it did not end by itself/;

/** A client that gave up since nothing came. */
const timedOut = /\btime(?:d )?-?\s?out\b/i;

/** Causes that say no more than that something came too late, or nothing at all. */
const onlyLate: readonly CauseId[] = ["server-slow", "unknown"];

/** What a session came to, beside its evidence. */
export type Told = {
  /** The root of its failure; `null` if there is nothing to explain. */
  readonly cause: CauseId | null;
  /** The one that was predicted. */
  readonly expectedCause: CauseId | null;
};

/**
 * Why a session shows nothing but a slow machine, in a sentence; `null` if it does not. A client's program that was ended before it had
 * sent a packet never got its turn; nor did one, on a busy machine, that had all its replies and was only to end. On a busy machine
 * a time-out is the machine's too if no witness has seen more than that nothing came in time.
 */
export function overloadOf(
  { attempt, captures, missing }: CellEvidence,
  load: Load,
  { cause, expectedCause }: Told,
): string | null {
  if (attempt.result !== "failed") return null;
  const message = attempt.message ?? "";
  const slow = `the machine is too slow (${loadWords(load)})`;
  const isLate = cause !== null && cause !== expectedCause && onlyLate.includes(cause) && timedOut.test(message);
  if (isLate && isBusy(load)) return `Nothing but time was lacking (${message}): ${slow}.`;
  if (!endedByUs.test(message)) return null;
  // The network had delivered everything; only the program had not ended.
  if (attempt.stage === "integrity" && isBusy(load)) {
    return `The client's program had all its replies when it was ${message}: ${slow}.`;
  }
  const isWhole = captures.length > 0 && captures.every(({ cut }) => cut === null) && !isMissing(missing, "packets");
  if (!isWhole || captures.some(({ packets }) => packets.length > 0)) return null;
  return `The client's program had sent no packet when it was ${message}: ${slow}.`;
}
