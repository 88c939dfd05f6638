import { useEffect, useRef } from "preact/hooks";
import { axes } from "../../harness/model/axes";
import type { CellResult } from "../../harness/model/cell";
import type { CauseText, MatrixReport } from "../../harness/model/report";
import type { Told } from "./find-example";
import { Cures } from "./cures";
import { Drawing } from "./drawing";
import { Facts } from "./facts";
import { Code, Foreign, Prose } from "./foreign";
import { History } from "./history";
import { To } from "./link";
import { Sequence } from "./sequence";
import { StageLadder } from "./stage-ladder";
import { cellKey } from "./state";
import { texts } from "./texts";

type Props = {
  readonly report: MatrixReport;
  readonly cell: CellResult;
  /** Cells that differ from it in operation and repeat alone, itself among them. */
  readonly siblings: readonly CellResult[];
  readonly told: Told | null;
};

/** A cell's page: the verdict in a sentence, why, what cures it, how far it came and what passed between the nodes. */
export function CellPage({ report, cell, siblings, told }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const key = cellKey(cell);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const cell = heading.current?.closest(".cell");
    const frame = cell?.parentElement;
    // Beside the matrix it scrolls by itself, and the page stays where it is.
    if (frame !== null && frame !== undefined && getComputedStyle(frame).overflowY === "auto") frame.scrollTop = 0;
    else cell?.scrollIntoView({ block: "nearest" });
  }, [key]);
  const example = told?.example ?? null;
  const cause = report.causes.find(({ id }) => id === cell.cause) ?? null;
  const network = report.networks.find(({ id }) => id === cell.topology);
  return (
    <article class="cell" aria-labelledby="cell-title">
      <nav class="crumbs">
        <To change={{ cell: null }} class="back">
          ← {texts.cell.back}
        </To>
        <Siblings cell={cell} siblings={siblings} />
      </nav>
      <p class="id">
        {axes.map((axis, index) => (
          <>
            {index === 0 ? null : "/"}
            <Code text={cell[axis]} />
          </>
        ))}
      </p>
      <h2 id="cell-title" tabIndex={-1} ref={heading} class={`verdict ${cell.result}`}>
        <span class="sign" aria-hidden="true">
          {cell.result === "worked" ? "✓" : cell.result === "failed" ? "✗" : "–"}
        </span>{" "}
        {texts.cell.verdict(cell)}
        {cause === null ? null : <>: {cause.title}</>}{" "}
        <span class={`badge ${cell.outcome}`}>{texts.outcome(cell.outcome)}</span>
      </h2>
      <Why cell={cell} told={told} cause={cause} />
      {example === null ? null : <Cures example={example} />}
      <h3>{texts.cell.stages}</h3>
      <StageLadder cell={cell} example={example} />
      {example === null ? (
        <p>{texts.cell.noExample}</p>
      ) : (
        <>
          <h3>{texts.cell.sequence}</h3>
          <Sequence example={example} />
          {example.notes.length === 0 ? null : (
            <p class="help">
              {texts.cell.notes}: <Foreign text={example.notes.join(" ")} limit={2000} />
            </p>
          )}
          <Seen seen={example.seen} />
        </>
      )}
      {network === undefined ? null : (
        <>
          <h3>{texts.cell.network}</h3>
          <p>
            <strong>
              <Foreign text={network.title} />.
            </strong>{" "}
            <Prose text={network.description} />
          </p>
          <Drawing network={network} />
        </>
      )}
      <History history={report.history} cell={cell} />
      <h3>{texts.cell.facts}</h3>
      <Facts cell={cell} run={report.run} />
    </article>
  );
}

function Siblings({ cell, siblings }: Pick<Props, "cell" | "siblings">) {
  if (siblings.length < 2) return null;
  return (
    <span class="siblings" role="group" aria-label={texts.cell.siblings}>
      {siblings.map((one) => (
        <To key={cellKey(one)} change={{ cell: cellKey(one) }} current={one === cell} class={one.result}>
          {one.operation}
          {one.repeat === 1 ? null : ` ${texts.cell.repeat(one.repeat)}`}
        </To>
      ))}
    </span>
  );
}

function Why({
  cell,
  told,
  cause,
}: {
  readonly cell: CellResult;
  readonly told: Told | null;
  readonly cause: CauseText | null;
}) {
  const root = told?.example.findings[0];
  const isOwn = told !== null && told.nearness !== "elsewhere";
  const said = isOwn ? (root?.explanation ?? told.example.whyItWorked) : null;
  const broke = isOwn ? (told.example.broke ?? null) : null;
  return (
    <section class="why">
      <h3>{texts.cell.why}</h3>
      {broke === null || broke === said ? null : (
        <p>
          <Foreign text={broke} limit={2000} />
        </p>
      )}
      <p class="lead">
        <Foreign text={said ?? cell.expected.reason} limit={2000} />
        {root === undefined || !isOwn ? null : <span class="tag">{texts.cell.confidence[root.confidence]}</span>}
      </p>
      {cause === null ? null : <p>{cause.why}</p>}
      {told === null || told.nearness === "itself" ? null : (
        <p class="help">
          {told.nearness === "alike" ? texts.cell.from : texts.cell.fromElsewhere}{" "}
          <To change={{ cell: cellKey({ id: told.example.cell, repeat: told.example.repeat }) }}>
            <Foreign text={told.example.cell} />
          </To>
        </p>
      )}
    </section>
  );
}

function Seen({ seen }: { readonly seen: readonly { readonly witness: string; readonly text: string }[] }) {
  if (seen.length === 0) return null;
  return (
    <>
      <h3>{texts.cell.seen}</h3>
      <dl class="seen">
        {seen.map(({ witness, text }, index) => (
          <div key={index}>
            <dt>
              <Foreign text={witness} limit={40} />
            </dt>
            <dd>
              <Code text={text} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
