/** Results of a report's cells in earlier runs: a letter for each run, so that months of nights fit into a report. */
import type { HistoryLetter, MatrixReport, RunHistory } from "../harness/model/report";
import { worstById } from "./compare";

/** Two weeks of nights. */
const mostRuns = 14;

type Column = RunHistory["runs"][number] & { readonly letterOf: (cell: string) => HistoryLetter };

/**
 * The history of a run's cells from the reports of earlier ones, each of which may bring one of its own: what several tell of the
 * same run is taken once, and the last runs stay.
 */
export function historyOf(earlier: readonly MatrixReport[], cells: MatrixReport["cells"]): RunHistory {
  const columns = new Map(earlier.flatMap(columnsOf).map((column) => [column.id, column]));
  const last = [...columns.values()]
    .sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
    .slice(-mostRuns);
  const ids = new Set(cells.map(({ id }) => id));
  return {
    runs: last.map(({ id, startedAt }) => ({ id, startedAt })),
    cells: Object.fromEntries([...ids].map((id) => [id, last.map(({ letterOf }) => letterOf(id)).join("")])),
  };
}

/** A cell's letters, oldest first; none where the report has no history. */
export function lettersOf(history: RunHistory | undefined, cell: string): readonly HistoryLetter[] {
  // The schema lets no other letters in.
  return history === undefined ? [] : (Array.from(textOf(history, cell)) as HistoryLetter[]);
}

/** What a report tells of the runs before it, and of its own. */
function columnsOf({ run, cells, history }: MatrixReport): readonly Column[] {
  const before = (history?.runs ?? []).map((earlier, index) => ({
    ...earlier,
    letterOf: (cell: string) => lettersOf(history, cell)[index] ?? "-",
  }));
  const own = worstById(cells);
  const letterOf = (cell: string): HistoryLetter => letterFor(own.get(cell));
  return [...before, { id: run.id, startedAt: run.startedAt, letterOf }];
}

function textOf({ cells }: RunHistory, cell: string): string {
  return Object.hasOwn(cells, cell) ? (cells[cell] ?? "") : "";
}

type Verdict = Pick<MatrixReport["cells"][number], "result" | "outcome">;

const expectedLetters = { worked: "w", failed: "f", unsupported: "u", "not-run": "-" } as const;
const unexpectedLetters = { worked: "W", failed: "F", unsupported: "U", "not-run": "-" } as const;

/** The letter of a verdict; of none, where the run had no such cell or skipped it. */
export function letterFor(verdict: Verdict | undefined): HistoryLetter {
  switch (verdict?.outcome) {
    case undefined:
    case "skipped":
      return "-";
    case "lab-error":
      return "x";
    case "flaky":
      return "y";
    case "expected":
      return expectedLetters[verdict.result];
    case "unexpected":
      return unexpectedLetters[verdict.result];
  }
}
