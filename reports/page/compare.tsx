import { useMemo } from "preact/hooks";
import type { MatrixReport } from "../../harness/model/report";
import { counted } from "../quantity";
import { resultText } from "../wording";
import { changeKinds, changesOf, type Change, type Changes, type readOther } from "./changes";
import { Foreign } from "./foreign";
import { To } from "./link";
import { texts } from "./texts";

/** Another report, as it was picked; or the name of a file that is none. */
export type Other = { readonly report: ReturnType<typeof readOther>; readonly name: string };

type Props = { readonly report: MatrixReport; readonly other: Other | null; readonly pick: (file: File) => void };

const shown = 500;

/** Two reports side by side: what got worse, better or otherwise different, and what is new and gone. */
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

function Outcome({ report, other }: { readonly report: MatrixReport; readonly other: Other }) {
  const cells = other.report?.cells;
  const changes = useMemo(() => (cells === undefined ? null : changesOf(cells, report.cells)), [cells, report]);
  if (other.report === null || changes === null)
    return (
      <p class="unknown">
        <Foreign text={texts.compare.isNot(other.name)} />
      </p>
    );
  const kinds = changeKinds.filter((kind) => changes[kind].length > 0);
  const counts = kinds.map((kind) => `${texts.compare.groups[kind]}: ${String(changes[kind].length)}`);
  return (
    <>
      <p>
        <Foreign text={texts.compare.against(other.report.id, other.report.at)} />
      </p>
      <p>
        <strong>{kinds.length === 0 ? texts.compare.same : texts.compare.counts(counts)}</strong>
      </p>
      {kinds.map((kind) => (
        <Group key={kind} kind={kind} changes={changes[kind]} />
      ))}
    </>
  );
}

function Group({ kind, changes }: { readonly kind: keyof Changes; readonly changes: readonly Change[] }) {
  return (
    <section class={kind}>
      <h3>
        {texts.compare.groups[kind]} ({counted(changes.length, "cell")})
      </h3>
      <ul>
        {changes.slice(0, shown).map(({ key, before, after }) => (
          <li key={key}>
            {after === null ? <Foreign text={key} /> : <To change={{ cell: key }}>{<Foreign text={key} />}</To>}
            {before === null ? null : (
              <>
                {" "}
                {texts.compare.before}: <Foreign text={resultText(before)} />
              </>
            )}
            {after === null ? null : (
              <>
                {" "}
                {texts.compare.after}: <Foreign text={resultText(after)} />
              </>
            )}
          </li>
        ))}
      </ul>
      {changes.length <= shown ? null : <p>{texts.compare.more(changes.length - shown)}</p>}
    </section>
  );
}
