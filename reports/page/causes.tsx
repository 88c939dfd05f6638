import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { counted } from "../../harness/text/quantity";
import { groupBy } from "../group-by";
import { Code, Foreign } from "./foreign";
import { causeCounts } from "./glance";
import { To } from "./link";
import { texts } from "./texts";

/** Failed cells by cause: what it looks like, the fact behind it, and where it was met. */
export function Causes({ report, cells }: { readonly report: MatrixReport; readonly cells: readonly CellResult[] }) {
  const counts = causeCounts({ cells });
  if (counts.length === 0) return <p>{texts.causes.none}</p>;
  return (
    <div class="causes">
      {counts.map(({ cause, count }) => {
        const text = report.causes.find(({ id }) => id === cause);
        const mine = cells.filter((cell) => cell.result === "failed" && (cell.cause ?? "unknown") === cause);
        return (
          <section key={cause} class="card" aria-label={cause}>
            <h2>
              <Foreign text={text?.title ?? cause} />
            </h2>
            <p class="meta">
              <Code text={cause} /> · {counted(count, "cell")}
            </p>
            {text === undefined ? null : (
              <dl>
                <dt>{texts.causes.looksLike}</dt>
                <dd>{text.looksLike}</dd>
                <dt>{texts.causes.why}</dt>
                <dd>{text.why}</dd>
              </dl>
            )}
            <h3>{texts.causes.where}</h3>
            <ul class="where">
              {groupBy(mine, ({ topology }) => topology).map((group) => (
                <li key={group[0].topology}>
                  <To change={{ view: "matrix", query: `cause:${cause} t:${group[0].topology}` }}>
                    <Foreign text={group[0].topology} />
                  </To>{" "}
                  <span class="count">{group.length}</span>{" "}
                  <span class="modes">{[...new Set(group.map(({ mode }) => mode))].join(", ")}</span>
                </li>
              ))}
            </ul>
            <p>
              <To change={{ view: "matrix", query: `cause:${cause}` }}>{texts.causes.show(count)}</To>
            </p>
          </section>
        );
      })}
    </div>
  );
}
