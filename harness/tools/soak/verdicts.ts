import type { CellResult } from "../../model/cell";

/** A cell that came to more than one verdict, and in which runs it came to which. */
export type Flip = {
  readonly cell: string;
  readonly verdicts: readonly { readonly verdict: string; readonly runs: readonly number[] }[];
};

/** `failed at data-connect (no-helper)`; `null` where nothing was decided: the lab broke, or the cell was not run. */
export function verdictOf({ result, stage, cause }: Pick<CellResult, "result" | "stage" | "cause">): string | null {
  if (result === "not-run") return null;
  return `${result}${stage === null ? "" : ` at ${stage}`}${cause === null ? "" : ` (${cause})`}`;
}

/** What the cells of a soak came to, run after run. It keeps no more than that: a soak measures the memory that it lives in. */
export class Verdicts {
  /** By cell and verdict, the runs, which count from 1. */
  readonly #runs = new Map<string, Map<string, number[]>>();

  /** Takes a run's cells; gives those that came to another verdict than in a run before. */
  add(run: number, cells: readonly Pick<CellResult, "id" | "result" | "stage" | "cause">[]): readonly string[] {
    return cells.flatMap((cell) => {
      const verdict = verdictOf(cell);
      if (verdict === null) return [];
      const known = this.#runs.get(cell.id) ?? new Map<string, number[]>();
      const isOther =
        known.size > 0 && [...known].some(([text, runs]) => text !== verdict && runs.some((n) => n < run));
      known.set(verdict, [...(known.get(verdict) ?? []), run]);
      this.#runs.set(cell.id, known);
      return isOther ? [cell.id] : [];
    });
  }

  /** Those that came to more than one verdict, by cell. */
  flips(): readonly Flip[] {
    return [...this.#runs]
      .filter(([, verdicts]) => verdicts.size > 1)
      .map(([cell, verdicts]) => ({ cell, verdicts: [...verdicts].map(([verdict, runs]) => ({ verdict, runs })) }))
      .toSorted((one, other) => (one.cell < other.cell ? -1 : 1));
  }

  /** Those of these cells that no run decided. */
  undecided(cells: readonly string[]): readonly string[] {
    return cells.filter((cell) => !this.#runs.has(cell));
  }
}
