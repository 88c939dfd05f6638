import { useMemo } from "preact/hooks";
import type { MatrixReport } from "../../harness/model/report";
import { compareReports, hasRegressed, type Change, type Comparison } from "../compare";
import { cellVerdict } from "../wording";
import { Foreign } from "./foreign";
import { To } from "./link";
import type { OtherReport } from "./read-other";
import { cellKey } from "./state";
import { texts } from "./texts";

/** Another report, as it was picked; or the name of a file that is none. */
export type Other = { readonly report: OtherReport | null; readonly name: string };

type Props = { readonly report: MatrixReport; readonly other: Other | null; readonly pick: (file: File) => void };

const shown = 500;

/** Two reports side by side, judged as `compare` does: what got worse, better or otherwise different, what is new and gone. */
export function Compare({ report, other, pick }: Props) {
  return (
    <div class="compare card">
      <h2>{texts.compare.title}</h2>
      <p id="pick-help">{texts.compare.intro}</p>
      <label class="pick">
        {texts.compare.pick}
        <input
          type="file"
          accept=".json,application/json"
          aria-describedby="pick-help"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file !== undefined) pick(file);
          }}
        />
      </label>
      <div role="status">{other === null ? null : <Outcome report={report} other={other} />}</div>
    </div>
  );
}

/** A line of a group: what it is about, and its verdict in the earlier report, in this one, or in both. */
type Item = {
  readonly id: string;
  readonly repeat?: number | undefined;
  readonly before?: Change["before"] | undefined;
  readonly after?: Change["after"] | undefined;
};

function Outcome({ report, other }: { readonly report: MatrixReport; readonly other: Other }) {
  const earlier = other.report;
  const comparison = useMemo(() => (earlier === null ? null : compareReports(earlier, report)), [earlier, report]);
  if (earlier === null || comparison === null)
    return (
      <p class="unknown">
        <Foreign text={texts.compare.isNot(other.name)} />
      </p>
    );
  const groups = groupsOf(comparison).filter(({ items }) => items.length > 0);
  const counts = groups.map(({ kind, items }) => `${texts.compare.groups[kind]}: ${items.length}`);
  return (
    <>
      <p>
        <Foreign text={texts.compare.against(earlier.run.id, earlier.at)} /> {texts.compare.common(comparison.common)}
      </p>
      <p class={`sum ${hasRegressed(comparison) ? "bad" : "good"}`}>
        <strong>{texts.compare.judged(hasRegressed(comparison))}</strong>
        {groups.length === 0 ? `: ${texts.compare.same}` : ` · ${counts.join(" · ")}`}
      </p>
      {groups.map(({ kind, items }) => (
        <Group key={kind} kind={kind} items={items} />
      ))}
    </>
  );
}

type Kind = keyof typeof texts.compare.groups;

function groupsOf(comparison: Comparison): readonly { readonly kind: Kind; readonly items: readonly Item[] }[] {
  const both = ({ id, before, after }: Change): Item => ({ id, repeat: after.repeat, before, after });
  return [
    { kind: "regressions", items: comparison.regressions.map(both) },
    { kind: "failedControls", items: comparison.failedControls.map((id) => ({ id })) },
    { kind: "contradictedClaims", items: comparison.contradictedClaims.map((id) => ({ id })) },
    { kind: "fixes", items: comparison.fixes.map(both) },
    { kind: "changed", items: comparison.changed.map(both) },
    { kind: "undecided", items: comparison.undecided.map(both) },
    { kind: "added", items: comparison.added.map((cell) => ({ id: cell.id, repeat: cell.repeat, after: cell })) },
    { kind: "gone", items: comparison.gone.map((cell) => ({ id: cell.id, before: cell })) },
  ];
}

function Group({ kind, items }: { readonly kind: Kind; readonly items: readonly Item[] }) {
  return (
    <section class={kind}>
      <h3>
        {texts.compare.groups[kind]} ({items.length})
      </h3>
      <ul>
        {items.slice(0, shown).map((item) => (
          <Line key={item.id} {...item} />
        ))}
      </ul>
      {items.length <= shown ? null : <p>{texts.compare.more(items.length - shown)}</p>}
    </section>
  );
}

function Line({ id, repeat, before, after }: Item) {
  return (
    <li>
      {repeat === undefined ? (
        <Foreign text={id} />
      ) : (
        <To change={{ cell: cellKey({ id, repeat }) }}>
          <Foreign text={id} />
        </To>
      )}
      {before === undefined && after === undefined ? null : (
        <span class="step">
          {before === undefined ? null : (
            <span class="was">
              <span class="unseen">{texts.compare.before}: </span>
              <Foreign text={cellVerdict(before)} />
            </span>
          )}
          {before === undefined || after === undefined ? null : <span aria-hidden="true"> → </span>}
          {after === undefined ? null : (
            <span>
              <span class="unseen"> {texts.compare.after}: </span>
              <Foreign text={cellVerdict(after)} />
            </span>
          )}
        </span>
      )}
    </li>
  );
}
