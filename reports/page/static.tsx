/** What the page shows without JavaScript: the glance, the matrix, and the verdicts in words. */
import { renderToString } from "preact-render-to-string";
import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { groupBy } from "../group-by";
import { resultText } from "../wording";
import { Foreign } from "./foreign";
import { Glance } from "./glance";
import { Legend } from "./legend";
import { Matrix } from "./matrix";
import { cellKey } from "./state";
import { mostTelling, tablesOf } from "./tables";
import { texts } from "./texts";

/** The static part as HTML. */
export function renderStatic(report: MatrixReport): string {
  return renderToString(<Page report={report} />);
}

function Page({ report }: { readonly report: MatrixReport }) {
  return (
    <>
      <header>
        <h1>{texts.title}</h1>
      </header>
      <main>
        <div class="overview">
          <Glance report={report} />
          <noscript>
            <p class="help">{texts.noScript}</p>
          </noscript>
          {tablesOf(report.cells, false).map((table) => (
            <Matrix key={`${table.server}\n${table.client}`} table={table} swapped={false} />
          ))}
          <Legend />
          <noscript>
            <h2>{texts.verdicts.title}</h2>
            {groupBy(report.cells, spotKey).map((spot) => (
              <Verdict key={spotKey(spot[0])} spot={spot} />
            ))}
          </noscript>
        </div>
      </main>
    </>
  );
}

function spotKey({ topology, server, client, mode, data }: CellResult): string {
  return [topology, server, client, mode, data].join("/");
}

/** The cells of one tile, which leads here: `ftps pasv list, download: failed at ...`, and why that was expected. */
function Verdict({ spot }: { readonly spot: readonly [CellResult, ...CellResult[]] }) {
  return (
    <div class="verdict-line" id={`cell=${cellKey(mostTelling(spot))}`}>
      <code>
        <Foreign text={spotKey(spot[0])} />
      </code>{" "}
      {groupBy(spot, resultText).map((alike) => (
        <span key={resultText(alike[0])}>
          {[...new Set(alike.map(({ operation }) => operation))].join(", ")}: {resultText(alike[0])}
          {alike[0].outcome === "expected" ? null : `, ${texts.outcome(alike[0].outcome)}`}.{" "}
        </span>
      ))}
      <Foreign text={spot[0].expected.reason} />
    </div>
  );
}
