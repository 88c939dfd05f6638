import { existsSync } from "node:fs";
import { join } from "node:path";
import { axes, type Axis } from "../model/axes";
import type { PlannedCell } from "../model/cell";
import { NoCellError, UsageError, messageOf } from "../model/errors";
import type { AxisSelection, Scenario, ScenarioClaims } from "../model/scenario";
import type { ServerProfile } from "../model/server-profile";
import { withConfiguredPorts } from "../plan/configured-networks";
import { cellsOf, eachOnce, planCell, type Catalog, type SourcedCell } from "../plan/planned-cells";
import { loadScenario } from "../inputs/load";
import { patternsOfDefault, resolvePatterns, type KnownNames } from "../inputs/scenario-file";
import { didYouMean } from "../text/nearest";
import type { CellChoice } from "./cell-choice";
import { knownNames, loadCatalog } from "./catalog";
import { inputFile, latestFolder } from "../lab/project";
import { readReport } from "../../reports/read-report";
import { withRouterRules } from "./router-rules";
import { userProfile, withUserConfiguration } from "./user-configuration";
import { noUserFiles, type UserFiles } from "./user-files";

/** What a command line chose. It is made once, and everything that a command needs to know of its cells is in it. */
export type Selection = {
  /** What the cells are made of, with a user's files in their places. */
  readonly catalog: Catalog;
  /** The names that the catalog knows. */
  readonly known: KnownNames;
  /** The scenario files among the sources, in their order. */
  readonly scenarios: readonly ChosenScenario[];
  /** The chosen cells with what is expected of them. */
  readonly planned: readonly PlannedCell[];
  /** The claims of the scenarios, each with the cells of its own. */
  readonly claims: readonly ScenarioClaims[];
  /** The profile whose place a user's configuration takes. */
  readonly userProfile: ServerProfile | null;
  /** Whether any file is a user's own. */
  readonly hasUserFiles: boolean;
};

/** A scenario file, and the ids of all its cells, whatever the facets leave of them. */
export type ChosenScenario = {
  readonly file: string;
  readonly scenario: Scenario;
  readonly cells: ReadonlySet<string>;
};

/**
 * Chooses cells as the command line says.
 * @param project the catalog without a user's files
 * @throws UsageError or ScenarioError for what does not exist or cannot be run, NoCellError when nothing is left.
 */
export function selectCells(
  choice: CellChoice,
  userFiles: UserFiles = noUserFiles,
  project = loadCatalog(),
): Selection {
  const { serverConfig, routerRules } = userFiles;
  const configured = withUserConfiguration(project, serverConfig);
  const known = knownNames(configured);
  const sources = sourcesOf(choice, configured, known);
  const cells = filterCells(sources, choice, configured, known);
  // A router's rules change what is expected of cells, and not which cells there are.
  const fitted = fittedTo(configured, cells);
  const catalog = withRouterRules(fitted, new Set(cells.map(({ cell }) => cell.topology)), routerRules);
  const planned = cells.map((one) => planCell(one, catalog));
  const scenarios = sources.flatMap(({ scenario }) => scenario ?? []);
  return {
    catalog,
    known,
    scenarios,
    planned,
    claims: scenarios.flatMap(claimsOf),
    userProfile: serverConfig === undefined ? null : userProfile(planned, catalog),
    hasUserFiles: serverConfig !== undefined || routerRules.length > 0,
  };
}

/** The networks, with their servers where the users' own configurations have them listen. @throws UsageError where that cannot be */
function fittedTo(catalog: Catalog, cells: readonly SourcedCell[]): Catalog {
  const fitted = withConfiguredPorts(
    catalog,
    cells.map(({ cell }) => cell),
  );
  if (typeof fitted !== "string") return fitted;
  throw new UsageError(`${fitted}.`, { code: "server-config", hint: "Choose one server and no condition for ports." });
}

/** A source of cells; `scenario` is `null` for cells that the command line itself names. */
type Source = { readonly cells: readonly SourcedCell[]; readonly scenario: ChosenScenario | null };

/** The cells of the sources that the facets and filters leave, each once. @throws NoCellError */
function filterCells(
  sources: readonly Source[],
  choice: CellChoice,
  catalog: Catalog,
  known: KnownNames,
): readonly SourcedCell[] {
  const grep = compileGrep(choice.grep);
  const facets = choice.sources.length === 0 ? [] : facetFilters(choice, known);
  const chosen = eachOnce(sources.flatMap(({ cells }) => cells)).filter(
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

function claimsOf({ scenario, cells }: ChosenScenario): readonly ScenarioClaims[] {
  return scenario.claims.length === 0 ? [] : [{ claims: scenario.claims, cells }];
}

/** Whether an argument of the command line names a scenario and not cells. */
export function isScenarioFile(source: string): boolean {
  return /\.ya?ml$/.test(source);
}

function sourcesOf(choice: CellChoice, catalog: Catalog, known: KnownNames): readonly Source[] {
  const named = (selection: AxisSelection): Source => ({
    cells: cellsOf({ include: [selection], expect: [] }, catalog),
    scenario: null,
  });
  if (choice.sources.length === 0) return [named(resolveFacets(choice.facets, known))];
  return choice.sources.map((source) => {
    if (!isScenarioFile(source)) return named(resolveCellPattern(source, choice, known));
    const file = inputFile(source);
    const scenario = loadScenario(file, known);
    const cells = cellsOf(scenario, catalog);
    return { cells, scenario: { file, scenario, cells: new Set(cells.map(({ cell }) => cell.id)) } };
  });
}

/** With no scenario the facets choose from everything there is; an axis without one keeps the core matrix's choice. */
function resolveFacets(facets: CellChoice["facets"], known: KnownNames): AxisSelection {
  return selectionOf((axis) => resolveAxis(axis, facets[axis] ?? patternsOfDefault(axis, known), known));
}

/** `server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list`, with `*` or `!id` for any part. */
function resolveCellPattern(source: string, { commandNames }: CellChoice, known: KnownNames): AxisSelection {
  const parts = source.split("/");
  if (parts.length !== axes.length) {
    const command = didYouMean(source, commandNames);
    throw new UsageError(`\`${source}\` is neither a command, a scenario file (*.yaml) nor a cell id${command}`, {
      code: "unknown-argument",
      hint: `A cell id is ${axes.join("/")}; \`npm run matrix -- --help\` lists the commands.`,
    });
  }
  return selectionOf((axis) => resolveAxis(axis, [parts[axes.indexOf(axis)] ?? ""], known));
}

function selectionOf(idsOf: (axis: Axis) => readonly string[]): AxisSelection {
  return {
    topology: idsOf("topology"),
    server: idsOf("server"),
    client: idsOf("client"),
    mode: idsOf("mode"),
    data: idsOf("data"),
    operation: idsOf("operation"),
  };
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
  if (choice.lastFailed) return "In the last run, every chosen cell was as expected.";
  const everywhere = resolveFacets({ ...choice.facets, server: choice.facets.server ?? ["*"] }, known);
  const elsewhere = cellsOf({ include: [everywhere], expect: [] }, catalog).filter(({ cell }) => grep.test(cell.id));
  return choice.sources.length === 0 && elsewhere.length > 0
    ? `${elsewhere.length} cells with other servers match. Add --server '*'.`
    : "`npm run matrix -- list` shows every cell; IPv6 has no PASV and PORT.";
}
