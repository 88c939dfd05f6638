/** Typed form of `scenarios/<name>.yaml`: which cells to run, and what is expected of some of them. */
import type { Axis, Result, Stage } from "./axes";

export type Scenario = {
  readonly name: string;
  readonly description: string;
  /** The scenario's cells are those of any of these selections. */
  readonly include: readonly AxisSelection[];
  /** In the order of the file: the last one that matches a cell holds. */
  readonly expect: readonly Expectation[];
};

/**
 * For each axis the ids that are selected; a selection's cells are every combination of them. Globs, excludes and
 * defaults of the file are resolved already, and every id is known.
 */
export type AxisSelection = Readonly<Record<Axis, readonly string[]>>;

/** What a scenario expects of the cells that a glob matches, in place of the prediction. */
export type Expectation = {
  /** Glob on the cell id: `*` stays within a part, `**` crosses `/`. */
  readonly cells: string;
  readonly result: Result;
  /** `null` unless `result` is `failed`. */
  readonly stage: Stage | null;
  /** `null`: any cause will do. */
  readonly cause: string | null;
  /** One sentence for a person. */
  readonly reason: string;
};
