import type { CellResult } from "../../harness/model/cell";
import type { Example } from "../../harness/model/story";
import { stages, traitsOf } from "../../harness/model/axes";
import type { Stage } from "../../harness/model/axes";
import { duration } from "../../harness/text/quantity";
import { texts } from "./texts";

type Reached = { readonly stage: Stage; readonly state: "done" | "failed" | "not-reached"; readonly ms: number | null };

/** The stages of a session in their order: how long each took, where it failed, and what was not reached. */
export function StageLadder({ cell, example }: { readonly cell: CellResult; readonly example: Example | null }) {
  return (
    <ol class="stages">
      {reachedBy(cell, example).map(({ stage, state, ms }) => (
        <li key={stage} class={state}>
          <span class="sign" aria-hidden="true">
            {state === "done" ? "✓" : state === "failed" ? "✗" : "·"}
          </span>
          <span class="stage">{stage}</span>{" "}
          <span class="ms">{ms === null ? texts.cell.stageState[state] : duration(ms)}</span>
        </li>
      ))}
    </ol>
  );
}

function reachedBy(cell: CellResult, example: Example | null): readonly Reached[] {
  const spans = new Map((example?.stages ?? []).map((span) => [span.stage, span.endMs - span.startMs]));
  const steps = stages.filter((stage) => spans.has(stage) || isPartOf(cell, stage));
  const failedAt = cell.stage === null ? steps.length : steps.indexOf(cell.stage);
  const isRun = cell.result === "worked" || cell.result === "failed";
  return steps.map((stage, index) => ({
    stage,
    state: !isRun || index > failedAt ? "not-reached" : index === failedAt ? "failed" : "done",
    ms: isRun && index <= failedAt ? (spans.get(stage) ?? null) : null,
  }));
}

/** Whether the cell's mode has such a stage at all. */
function isPartOf({ mode }: CellResult, stage: Stage): boolean {
  const { tls, protection, ccc } = traitsOf(mode);
  switch (stage) {
    case "auth-tls":
    case "certificate":
      return tls !== "none";
    case "protection":
      return protection !== null;
    case "data-tls":
      return protection === "P";
    case "ccc":
      return ccc !== "none";
    default:
      return true;
  }
}
