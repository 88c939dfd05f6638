import type { Example, StoryStep } from "../../harness/model/story";
import type { Lane } from "../../harness/model/timeline";
import { Foreign } from "./foreign";
import { texts } from "./texts";

/** In the drawing's own units: a step's height and the room of the lanes. */
const height = 28;
const width = 320;
const margin = 34;

/** What passed between client, routers and server: a row a step, with its arrow from lane to lane and its words beside it. */
export function Sequence({ example }: { readonly example: Example }) {
  const { lanes, steps } = example;
  return (
    <div class="sequence">
      <p class="help">{texts.cell.sequenceHelp}</p>
      <div class="lanes" aria-hidden="true">
        <svg viewBox={`0 0 ${width} 34`}>
          {lanes.map((lane, index) => (
            <text key={lane.node} x={xOf(lanes, index)} y={index % 2 === 0 || lanes.length < 4 ? 24 : 10}>
              <Foreign text={lane.node} limit={24} />
            </text>
          ))}
        </svg>
      </div>
      <ol>
        {steps.map((step, index) => (
          <Step key={index} step={step} lanes={lanes} />
        ))}
      </ol>
    </div>
  );
}

function Step({ step, lanes }: { readonly step: StoryStep; readonly lanes: readonly Lane[] }) {
  const { kind, atMs, text, isData, hidden, failed, changes = [] } = step;
  const traits = { data: isData, hidden, failed };
  const classes = [kind, ...Object.entries(traits).flatMap(([name, holds]) => (holds === true ? [name] : []))].join(
    " ",
  );
  return (
    <li class={classes}>
      <span class="time">{atMs.toFixed(atMs < 1000 ? 1 : 0)}</span>
      <span class="ladder" aria-hidden="true">
        <svg class="rails" preserveAspectRatio="none" viewBox={`0 0 ${width} 10`}>
          {lanes.map((lane, index) => (
            <line key={lane.node} x1={xOf(lanes, index)} x2={xOf(lanes, index)} y1="0" y2="10" />
          ))}
        </svg>
        {kind === "stage" ? null : (
          <svg class="arrow" viewBox={`0 0 ${width} ${height}`}>
            <Arrow step={step} lanes={lanes} />
          </svg>
        )}
      </span>
      <span class="words">
        <span class="who">
          <Foreign text={step.from === step.to ? step.from : `${step.from} → ${step.to}`} />
        </span>{" "}
        <span class="what" dir="ltr">
          <Foreign text={text} />
        </span>
        {hidden === true ? <span class="tag">{texts.cell.hidden}</span> : null}
        {failed === true && kind === "packet" ? <span class="tag bad">{texts.cell.lost}</span> : null}
        {changes.map((change, index) => (
          <span key={index} class="change">
            {texts.cell.madeIt(change.node)}{" "}
            <span class="what" dir="ltr">
              <Foreign text={change.text} />
            </span>
          </span>
        ))}
      </span>
    </li>
  );
}

function Arrow({ step, lanes }: { readonly step: StoryStep; readonly lanes: readonly Lane[] }) {
  const middle = height / 2;
  const [from, to] = [laneOf(lanes, step.from), laneOf(lanes, step.to)].map((index) => xOf(lanes, index));
  if (from === undefined || to === undefined) return null;
  const cross = (x: number) => <path class="cross" d={`M${x - 5} ${middle - 5}l10 10m0 -10l-10 10`} />;
  if (from === to) return step.failed === true ? cross(from) : <circle class="spot" cx={from} cy={middle} r="4.5" />;
  const tip = to > from ? to - 3 : to + 3;
  const back = to > from ? -7 : 7;
  const touched = (step.changes ?? []).map(({ node }) => xOf(lanes, laneOf(lanes, node)));
  return (
    <>
      <line class="shaft" x1={from} x2={tip} y1={middle} y2={middle} />
      {step.failed === true ? (
        cross(to)
      ) : (
        <path class="tip" d={`M${tip + back} ${middle - 4.5}L${tip} ${middle}l${back} 4.5`} />
      )}
      {touched.map((x, index) => (
        <rect key={index} class="touch" x={x - 5} y={middle - 5} width="10" height="10" rx="2" />
      ))}
    </>
  );
}

function xOf(lanes: readonly Lane[], index: number): number {
  return lanes.length < 2 ? width / 2 : margin + (index * (width - 2 * margin)) / (lanes.length - 1);
}

function laneOf(lanes: readonly Lane[], node: string): number {
  return Math.max(
    0,
    lanes.findIndex((lane) => lane.node === node),
  );
}
