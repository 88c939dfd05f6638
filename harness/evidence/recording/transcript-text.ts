import type { Attempt } from "../../model/cell";

/** A session as its client saw it: the control dialogue with times in ms, then the stages and the verdict. */
export function renderTranscript(attempt: Attempt): string {
  const lines = attempt.transcript.map(({ atMs, direction, text }) => `${ms(atMs)} ${direction} ${text}`);
  const stages = attempt.stages.map(({ stage, startMs, endMs }) => `${ms(startMs)} - ${ms(endMs)}  ${stage}`);
  const verdict = attempt.stage === null ? attempt.result : `${attempt.result} at ${attempt.stage}`;
  return [...lines, "", ...stages, "", attempt.message === null ? verdict : `${verdict}: ${attempt.message}`, ""].join(
    "\n",
  );
}

function ms(value: number): string {
  return value.toFixed(1).padStart(9);
}
