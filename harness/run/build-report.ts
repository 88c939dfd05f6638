import type { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { causes } from "../diagnose/causes/registry";
import { outcomes, results } from "../model/axes";
import type { CellResult } from "../model/cell";
import type { Background, ClaimResult, ControlResult, MatrixReport, RunInfo, Summary } from "../model/report";
import { reportSchemaVersion } from "../model/report";
import type { Example } from "../model/story";
import { pictureOf } from "../plan/network-picture";

/** Puts a run's results together. Cells stay in the order given, the plan's; controls follow the order of their topologies. */
export function buildReport(
  run: RunInfo,
  cells: readonly CellResult[],
  controls: readonly ControlResult[],
  claims: readonly ClaimResult[] = [],
  background: Background = noBackground,
): MatrixReport {
  const place = places(cells.map((cell) => cell.topology));
  return {
    schemaVersion: reportSchemaVersion,
    run,
    summary: summarise(cells, controls),
    controls: [...controls].sort((a, b) => place(a.topology) - place(b.topology)),
    cells,
    claims,
    ...background,
  };
}

/** The parts of the report that explain these cells: their networks, the causes that they or their examples name, and the examples. */
export function backgroundOf(
  topologies: Pick<NetworkCatalog, "get">,
  cells: readonly CellResult[],
  examples: readonly Example[],
): Background {
  const named = new Set(cells.flatMap(({ cause, expected }) => [cause, expected.cause]));
  for (const { findings } of examples) for (const { cause } of findings) named.add(cause);
  const networks = [...new Set(cells.map(({ topology }) => topology))].flatMap((id) => {
    const topology = topologies.get(id);
    return topology === undefined ? [] : [pictureOf(topology)];
  });
  return {
    networks,
    causes: causes
      .filter(({ id }) => named.has(id))
      .map(({ id, title, looksLike, why }) => ({ id, title, looksLike, why })),
    examples,
  };
}

const noBackground: Background = { networks: [], causes: [], examples: [] };

/** Looks up where a name first stands in a list; names outside it come after all others, side by side. */
function places(names: readonly string[]): (name: string) => number {
  const place = new Map<string, number>();
  for (const name of names) if (!place.has(name)) place.set(name, place.size);
  return (name) => place.get(name) ?? names.length;
}

function summarise(cells: readonly CellResult[], controls: readonly ControlResult[]): Summary {
  const controlCount = (outcome: ControlResult["outcome"]): number =>
    controls.filter((control) => control.outcome === outcome).length;
  return {
    total: cells.length,
    outcomes: countBy(outcomes, cells, (cell) => cell.outcome),
    results: countBy(results, cells, (cell) => cell.result),
    controls: {
      passed: controlCount("passed"),
      failed: controlCount("failed"),
      notApplicable: controlCount("not-applicable"),
    },
  };
}

function countBy<Word extends string>(
  words: readonly Word[],
  cells: readonly CellResult[],
  wordOf: (cell: CellResult) => Word,
): Readonly<Record<Word, number>> {
  const counts = Object.fromEntries(words.map((word) => [word, 0])) as Record<Word, number>;
  for (const cell of cells) counts[wordOf(cell)] += 1;
  return counts;
}
