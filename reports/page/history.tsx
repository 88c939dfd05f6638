import type { CellResult } from "../../harness/model/cell";
import type { HistoryLetter, RunHistory } from "../../harness/model/report";
import { letterFor, lettersOf } from "../history";
import { symbolsFor } from "../symbols";
import { historyWords, texts } from "./texts";

const { worked, failed, skipped, labError, unexpected, flaky } = symbolsFor(true);

/** Looks of a tile, as in the matrix, and its sign. */
const tiles: Readonly<Record<HistoryLetter, readonly [look: string, sign: string]>> = {
  w: ["worked", worked],
  f: ["failed", failed],
  u: ["skipped", skipped],
  W: ["worked unexpected", worked + unexpected],
  F: ["failed unexpected", failed + unexpected],
  U: ["skipped unexpected", skipped + unexpected],
  y: ["worked flaky", flaky],
  x: ["lab-error", labError],
  "-": ["absent", "·"],
};

type Props = { readonly history: RunHistory | undefined; readonly cell: CellResult };

/** What the cell came to in the runs before, from left to right, and in this one; nothing if there is no history. */
export function History({ history, cell }: Props) {
  const letters = lettersOf(history, cell.id);
  if (history === undefined || letters.length === 0) return null;
  const past = letters.map((letter, index) => ({ letter, at: dayOf(history.runs[index]?.startedAt ?? "") }));
  return (
    <>
      <h3>{texts.cell.history}</h3>
      <ol class="history">
        {[...past, { letter: letterFor(cell), at: texts.cell.historyNow }].map(({ letter, at }, index) => {
          const [look, sign] = tiles[letter];
          const words = texts.cell.historyRun(at, historyWords[letter]);
          return (
            <li key={index} title={words}>
              <span class={`tile ${look}`} aria-hidden="true">
                {sign}
              </span>
              <span class="unseen">{words}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** `2026-03-01 02:37`, UTC, of an instant. */
function dayOf(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}
