import { useEffect } from "preact/hooks";
import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { resultCountsOf } from "./result-counts";
import { Drawing } from "./drawing";
import { Foreign, Prose } from "./foreign";
import { FieldWords } from "./legend";
import { To } from "./link";
import { texts } from "./texts";

type Props = {
  readonly report: MatrixReport;
  readonly cells: readonly CellResult[];
  /** The network to go to. */
  readonly item: string | null;
};

/** Each network as a drawing, with its results, and a glossary below. */
export function Networks({ report, cells, item }: Props) {
  useEffect(() => {
    if (item !== null) document.getElementById(anchorOf(item))?.scrollIntoView();
  }, [item]);
  const shown = new Set(cells.map(({ topology }) => topology));
  const networks = report.networks.filter(({ id }) => shown.has(id));
  return (
    <div class="networks">
      {report.networks.length === 0 ? <p>{texts.networks.none}</p> : null}
      {networks.map((network) => (
        <section key={network.id} id={anchorOf(network.id)} class="card">
          <h2>
            <Foreign text={network.title} />
          </h2>
          <p class="meta">
            <code>
              <Foreign text={network.id} />
            </code>{" "}
            · {resultCountsOf(report.cells.filter(({ topology }) => topology === network.id))} ·{" "}
            <To change={{ view: "matrix", query: `t:${network.id}`, item: null }}>{texts.networks.show}</To>
          </p>
          <p>
            <Prose text={network.description} />
          </p>
          <Drawing network={network} />
        </section>
      ))}
      <FieldWords />
    </div>
  );
}

function anchorOf(id: string): string {
  return `network-${id}`;
}
