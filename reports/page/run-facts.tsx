import type { ControlResult, MatrixReport } from "../../harness/model/report";
import { rerunAll } from "../rerun";
import { Paste } from "./copy";
import { Code, Foreign } from "./foreign";
import { texts } from "./texts";

/** When and with what the run took place, and whether its labs could fail at all. */
export function RunFacts({ report }: { readonly report: MatrixReport }) {
  const { run, controls } = report;
  const failed = controls.filter(({ outcome }) => outcome === "failed");
  return (
    <div class="run card">
      <p>{texts.run.started(run.startedAt, run.durationMs)}</p>
      <h2>{texts.run.again}</h2>
      <Paste lines={[rerunAll(run.argv)]} label={texts.run.again} />
      <h2>{texts.run.versions}</h2>
      <dl class="facts">
        {Object.entries(run.versions).map(([name, version]) => (
          <div key={name}>
            <dt>
              <Foreign text={name} limit={60} />
            </dt>
            <dd>
              <Code text={version} />
            </dd>
          </div>
        ))}
      </dl>
      <h2>{texts.run.controls}</h2>
      <p>{texts.run.controlsIntro}</p>
      {failed.length === 0 ? null : <Controls controls={failed} />}
      <details>
        <summary>{texts.run.controlsAll(controls.length)}</summary>
        <Controls controls={controls} />
      </details>
    </div>
  );
}

function Controls({ controls }: { readonly controls: readonly ControlResult[] }) {
  return (
    <ul class="controls">
      {controls.map(({ id, outcome, detail }) => (
        <li key={id} class={outcome}>
          <span class="sign" aria-hidden="true">
            {outcome === "passed" ? "✓" : outcome === "failed" ? "✗" : "–"}
          </span>{" "}
          <Code text={id} /> {outcome}: <Foreign text={detail} />
        </li>
      ))}
    </ul>
  );
}
