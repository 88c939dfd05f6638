import { existsSync } from "node:fs";
import { join } from "node:path";
import { axes, type Axis } from "../model/axes";
import type { PlannedCell } from "../model/cell";
import { NoCellError, UsageError, messageOf } from "../model/errors";
import type { AxisSelection, ScenarioClaims } from "../model/scenario";
import { planCells, type Catalog, type CellSource } from "../plan/planned-cells";
import { loadScenario } from "../inputs/load";
import { patternsOfDefault, resolvePatterns, type KnownNames } from "../inputs/scenario-file";
import { didYouMean } from "../text/nearest";
import { commandNames } from "./command-names";
import { knownNames } from "./catalog";
import { latestFolder } from "../lab/project";
import { readReport } from "../../reports/read-report";

/** How the command line chooses cells. */
export type CellChoice = {
  /** Scenario files, and cell ids or patterns of cell ids. */
  readonly sources: readonly string[];
  /** Patterns by axis; an axis left out is not narrowed. */
  readonly facets: Readonly<Partial<Record<Axis, readonly string[]>>>;
  readonly grep: string | undefined;
  readonly lastFailed: boolean;
};

/**
 * The chosen cells with what is expected of them.
 * @throws UsageError or ScenarioError for what does not exist, NoCellError when nothing is left.
 */
export function selectCells(choice: CellChoice, catalog: Catalog): PlannedCell[] {
  const known = knownNames(catalog);
  const grep = compileGrep(choice.grep);
  const planned = planCells(sourcesOf(choice, known), catalog);
  const facets = choice.sources.length === 0 ? [] : facetFilters(choice, known);
  const chosen = planned.filter(
    ({ cell }) => grep.test(cell.id) && facets.every(({ axis, ids }) => ids.includes(cell[axis])),
  );
  const again = choice.lastFailed ? lastFailedIds() : null;
  const selected = again === null ? chosen : chosen.filter(({ cell }) => again.has(cell.id));
  if (selected.length > 0) return selected;
  throw new NoCellError("No cell matches the selection.", {
    code: "no-cell",
    hint: explainEmpty(choice, catalog, known, grep),
  });
}

/** The claims of the chosen scenarios, each with the cells of its own. */
export function claimsOf({ sources }: CellChoice, catalog: Catalog): readonly ScenarioClaims[] {
  const known = knownNames(catalog);
  return sources.filter(isScenarioFile).flatMap((source): ScenarioClaims[] => {
    const scenario = loadScenario(source, known);
    if (scenario.claims.length === 0) return [];
    const cells = new Set(planCells([scenario], catalog).map(({ cell }) => cell.id));
    return [{ claims: scenario.claims, cells }];
  });
}

/** Whether an argument of the command line names a scenario and not cells. */
export function isScenarioFile(source: string): boolean {
  return /\.ya?ml$/.test(source);
}

function sourcesOf(choice: CellChoice, known: KnownNames): CellSource[] {
  if (choice.sources.length === 0) return [{ include: [resolveFacets(choice.facets, known)], expect: [] }];
  return choice.sources.map((source) => {
    if (isScenarioFile(source)) return loadScenario(source, known);
    return { include: [resolveCellPattern(source, known)], expect: [] };
  });
}

/** With no scenario the facets choose from everything there is; an axis without one keeps the core matrix's choice. */
function resolveFacets(facets: CellChoice["facets"], known: KnownNames): AxisSelection {
  const entries = axes.map((axis) => [axis, resolveAxis(axis, facets[axis] ?? patternsOfDefault(axis, known), known)]);
  return Object.fromEntries(entries) as AxisSelection;
}

/** `server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list`, with `*` or `!id` for any part. */
function resolveCellPattern(source: string, known: KnownNames): AxisSelection {
  const parts = source.split("/");
  if (parts.length !== axes.length) {
    const command = didYouMean(source, commandNames);
    throw new UsageError(`\`${source}\` is neither a command, a scenario file (*.yaml) nor a cell id${command}`, {
      code: "unknown-argument",
      hint: `A cell id is ${axes.join("/")}; \`npm run matrix -- --help\` lists the commands.`,
    });
  }
  return Object.fromEntries(
    axes.map((axis, index) => [axis, resolveAxis(axis, [parts[index] ?? ""], known)]),
  ) as AxisSelection;
}

function facetFilters({ facets }: CellChoice, known: KnownNames): { axis: Axis; ids: readonly string[] }[] {
  return axes.flatMap((axis) => {
    const patterns = facets[axis];
    return patterns === undefined ? [] : [{ axis, ids: resolveAxis(axis, patterns, known) }];
  });
}

function resolveAxis(axis: Axis, patterns: readonly string[], known: KnownNames): readonly string[] {
  const { ids, problems } = resolvePatterns(axis, patterns, known);
  const [first] = problems;
  if (first === undefined) return ids;
  throw new UsageError(`--${axis}: ${problems.map((problem) => problem.message).join("; ")}`, {
    code: "unknown-name",
    hint: "`npm run matrix -- list` shows every cell.",
  });
}

function compileGrep(pattern: string | undefined): RegExp {
  try {
    return new RegExp(pattern ?? "");
  } catch (cause) {
    const why = messageOf(cause);
    throw new UsageError(`--grep: ${why}.`, {
      code: "invalid-grep",
      hint: "Give a JavaScript regular expression.",
      cause,
    });
  }
}

/** Ids of the cells that the newest report in `reports/out` calls anything but expected. */
function lastFailedIds(): ReadonlySet<string> {
  if (!existsSync(join(latestFolder, "report.json"))) {
    throw new UsageError("--last-failed: there is no earlier report.", {
      code: "no-last-report",
      hint: "Run `npm run matrix` first.",
    });
  }
  const report = readReport(latestFolder);
  return new Set(report.cells.filter((cell) => cell.outcome !== "expected").map((cell) => cell.id));
}

function explainEmpty(choice: CellChoice, catalog: Catalog, known: KnownNames, grep: RegExp): string {
  if (choice.lastFailed) return "In the last run every chosen cell did what was expected.";
  const everywhere = resolveFacets({ ...choice.facets, server: choice.facets.server ?? ["*"] }, known);
  const elsewhere = planCells([{ include: [everywhere], expect: [] }], catalog).filter(({ cell }) =>
    grep.test(cell.id),
  );
  return choice.sources.length === 0 && elsewhere.length > 0
    ? `${elsewhere.length} cells of other servers match: add --server '*'.`
    : "`npm run matrix -- list` shows every cell; IPv6 has no PASV and PORT.";
}
