import type { MatrixReport } from "../../harness/model/report";
import { deviationsOf } from "../deviations";
import { counted, duration } from "../../harness/text/quantity";
import { controlsText, headline, resultCounts, resultText } from "../wording";
import { Foreign } from "./foreign";
import { To } from "./link";
import { cellKey } from "./state";
import { texts } from "./texts";

const shownSurprises = 8;

/** What a person must know if they read nothing else: is anything unexpected and, unless in brief, why do cells fail. */
export function Glance({ report, brief = false }: { readonly report: MatrixReport; readonly brief?: boolean }) {
  const { good, text } = headline(report);
  const surprises = deviationsOf(report.cells).filter(({ cell }) => cell.outcome !== "skipped");
  const facts = [resultCounts(report, "·"), controlsText(report.summary), duration(report.run.durationMs)];
  return (
    <section class={`glance ${good ? "good" : "bad"}`} aria-label={texts.glance.label}>
      <p class="headline">
        <span class="sign" aria-hidden="true">
          {good ? "✓" : "!"}
        </span>
        <strong>{text}</strong>
      </p>
      <p class="facts">
        {facts.join(" · ")}
        {good && report.summary.results.failed > 0 ? ` · ${texts.glance.allForeseen}` : null}
      </p>
      {brief || surprises.length === 0 ? null : (
        <>
          <p>{texts.glance.someSurprise}</p>
          <ul class="surprises">
            {surprises.slice(0, shownSurprises).map(({ cell, alike }) => (
              <li key={cellKey(cell)}>
                <To change={{ cell: cellKey(cell) }}>
                  <Foreign text={cell.id} />
                </To>{" "}
                {resultText(cell)}
                {alike === 0 ? null : ` (${texts.glance.moreSurprises(alike)})`}
              </li>
            ))}
          </ul>
          {surprises.length <= shownSurprises ? null : (
            <p>
              <To change={{ view: "matrix", query: "-s:expected" }}>
                {texts.glance.moreSurprises(surprises.length - shownSurprises)}
              </To>
            </p>
          )}
        </>
      )}
      {brief ? null : <CauseChips report={report} />}
    </section>
  );
}

/** The causes by the number of their cells, each of which is a filter. */
function CauseChips({ report }: { readonly report: MatrixReport }) {
  const counts = causeCounts(report);
  if (counts.length === 0) return null;
  const most = counts[0]?.count ?? 1;
  return (
    <div class="chips">
      <h2>{texts.glance.causes}</h2>
      <ul>
        {counts.map(({ cause, count }) => (
          <li key={cause}>
            <To change={{ view: "matrix", query: `cause:${cause}` }}>
              <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect width={Math.max(2, (100 * count) / most)} height="4" />
              </svg>
              <span class="cause">
                <Foreign text={cause} />
              </span>
              <span class="count" title={counted(count, "cell")}>
                {count}
              </span>
            </To>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Causes of failed cells, the commonest first. */
export function causeCounts({
  cells,
}: Pick<MatrixReport, "cells">): readonly { readonly cause: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { result, cause } of cells)
    if (result === "failed") counts.set(cause ?? "unknown", (counts.get(cause ?? "unknown") ?? 0) + 1);
  return [...counts].map(([cause, count]) => ({ cause, count })).sort((one, other) => other.count - one.count);
}
