import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { axes, type Axis } from "../model/axes";
import type { PlannedCell } from "../model/cell";
import { NoCellError, UsageError } from "../model/errors";
import { networkIdOf } from "../model/positions";
import type { AxisSelection, Scenario, ScenarioClaims } from "../model/scenario";
import type { ServerProfile } from "../model/server-profile";
import { withConfiguredPorts } from "../plan/configured-networks";
import { cellsOf, eachOnce, planCell, type Catalog, type SourcedCell } from "../plan/planned-cells";
import { idPattern } from "../inputs/fields";
import { loadScenario } from "../inputs/load";
import { patternsOfDefault, resolvePatterns, type KnownNames } from "../inputs/scenario-file";
import { didYouMean } from "../text/nearest";
import { compileGrep, type Grep } from "./bounded-grep";
import type { CellChoice } from "./cell-choice";
import { knownNames, loadCatalog } from "./catalog";
import { inputFile, latestFolder } from "../lab/project";
import { readReport } from "../../reports/read-report";
import {
  isNetworkFolder,
  isNetworkPath,
  isProjectFile,
  networksOfLastRun,
  readOwnNetwork,
  splitPath,
  withOwnNetworks,
  type OwnNetwork,
} from "./user-networks";
import { withRouterRules } from "./router-rules";
import type { ThingKind } from "./things";
import { checkServerConfig, readServerConfig, userProfiles, withUserConfiguration } from "./user-configuration";
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
  /** The profiles of these cells whose configuration is a user's own. */
  readonly userProfiles: readonly ServerProfile[];
  /** The networks of a user's own that these cells are of: their paths by id. */
  readonly networks: Readonly<Record<string, string>>;
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
  const own = ownNetworksOf(choice, project);
  const files = readServerConfig(userFiles.serverConfig);
  const configured = withUserConfiguration(withOwnNetworks(project, own), files);
  const known = knownNames(configured);
  const named = { ...choice, facets: idFacets(choice.facets, own) };
  const sources = sourcesOf(named, { own, catalog: configured, known });
  const cells = filterCells(sources, named, configured, known);
  // A router's rules change what is expected of cells, and not which cells there are.
  const fitted = fittedTo(configured, cells);
  const ids = new Set(cells.map(({ cell }) => cell.topology));
  const catalog = withRouterRules(fitted, ids, userFiles, (line) => process.stderr.write(`${line}\n`));
  const planned = cells.map((one) => planCell(one, catalog));
  const scenarios = sources.flatMap(({ scenario }) => scenario ?? []);
  const profiles = userProfiles(planned, catalog);
  checkServerConfig(profiles, files);
  return {
    catalog,
    known,
    scenarios,
    planned,
    claims: scenarios.flatMap(claimsOf),
    userProfiles: profiles,
    networks: Object.fromEntries(own.map(({ id, path }) => [id, path])),
    hasUserFiles: files !== null || userFiles.routerRules.length > 0,
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

/** The networks of a user's own that a choice names, or speaks of by the ids that they had in the last run. */
function ownNetworksOf(choice: CellChoice, project: Catalog): readonly OwnNetwork[] {
  const { sources, facets, networks, lastFailed } = choice;
  const folders = sources.filter(isNetworkFolder);
  const paths = (facets.topology ?? []).filter(isNetworkPath).map((word) => splitPath(word).path);
  const named = [...new Set([...folders, ...paths, ...networks])].filter((path) => !isProjectFile(path));
  const own = named.map(readOwnNetwork);
  const there = new Set([...project.topologies.files(), ...own].map(({ id }) => networkIdOf(id)));
  const ids = [...sources.filter((source) => source.includes("/")), ...(facets.topology ?? [])]
    .map((word) => networkIdOf(word.replace(/^!/, "").split("/", 1)[0] ?? ""))
    .filter((id) => idPattern.test(id) && !there.has(id));
  if (ids.length === 0 && !lastFailed) return own;
  const known = networksOfLastRun();
  const meant = lastFailed && named.length === 0 ? Object.keys(known) : ids;
  return [...own, ...meant.flatMap((id) => known[id] ?? []).map(readOwnNetwork)];
}

/** The facets with ids instead of paths. */
function idFacets(facets: CellChoice["facets"], own: readonly OwnNetwork[]): CellChoice["facets"] {
  const { topology } = facets;
  if (topology === undefined) return facets;
  const ids = topology.map((word) => {
    if (!isNetworkPath(word)) return word;
    const { path, rest } = splitPath(word);
    const id = own.find((network) => network.path === path)?.id ?? basename(path).replace(/\.ya?ml$/, "");
    return `${id}${rest}`;
  });
  return { ...facets, topology: ids };
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
  const all = eachOnce(sources.flatMap(({ cells }) => cells)).filter(({ cell }) =>
    facets.every(({ axis, ids }) => ids.includes(cell[axis])),
  );
  const wanted = grep(all.map(({ cell }) => cell.id));
  const chosen = all.filter(({ cell }) => wanted.has(cell.id));
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

/** What sources are made of. */
type Named = { readonly own: readonly OwnNetwork[]; readonly catalog: Catalog; readonly known: KnownNames };

function sourcesOf(choice: CellChoice, names: Named): readonly Source[] {
  const { own, catalog, known } = names;
  const named = (selection: AxisSelection): Source => ({
    cells: cellsOf({ include: [selection], expect: [] }, catalog),
    scenario: null,
  });
  const { sources, facets } = choice;
  if (sources.length === 0) {
    const chosen = named(resolveFacets(facets, known));
    // Networks of the last run are not in the core matrix, and some of their cells may have failed.
    const again = choice.lastFailed && facets.topology === undefined ? own : [];
    return [chosen, ...again.map((network) => sourceOf(network, facets, names))];
  }
  return sources.map((source) => {
    const network = own.find(({ path }) => path === source);
    if (network !== undefined) return sourceOf(network, facets, names);
    if (!isScenarioFile(source)) return named(resolveCellPattern(source, choice, known));
    const file = inputFile(source);
    return scenarioSource(file, loadScenario(file, known), catalog);
  });
}

function scenarioSource(file: string, scenario: Scenario, catalog: Catalog): Source {
  const cells = cellsOf(scenario, catalog);
  return { cells, scenario: { file, scenario, cells: new Set(cells.map(({ cell }) => cell.id)) } };
}

/** The cells of a network of a user's own: those of its scenario, else with its server. A facet takes the place of an axis. */
function sourceOf({ id, server, scenario: file }: OwnNetwork, facets: CellChoice["facets"], names: Named): Source {
  const { catalog, known } = names;
  if (file === null) {
    const own: CellChoice["facets"] = { topology: [id], server: server === null ? undefined : [server.id] };
    const selection = selectionOf((axis) =>
      resolveAxis(axis, facets[axis] ?? own[axis] ?? patternsOfDefault(axis, known), known),
    );
    return { cells: cellsOf({ include: [selection], expect: [] }, catalog), scenario: null };
  }
  const scenario = loadScenario(file, known);
  const include = scenario.include.map((selection) =>
    selectionOf((axis) => (facets[axis] === undefined ? selection[axis] : resolveAxis(axis, facets[axis], known))),
  );
  return scenarioSource(file, { ...scenario, include }, catalog);
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
    throw new UsageError(
      `\`${source}\` is neither a command, a scenario file (*.yaml), a folder with a network nor a cell id${command}`,
      {
        code: "unknown-argument",
        hint: `A cell id is ${axes.join("/")}; \`npm run matrix -- --help\` lists the commands.`,
      },
    );
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
    hint: hintFor(axis),
  });
}

const kindsByAxis: Readonly<Partial<Record<Axis, ThingKind>>> = {
  topology: "networks",
  server: "servers",
  client: "clients",
};

/** The command that lists the names of an axis; the problem itself names those of the three short axes. */
function hintFor(axis: Axis): string {
  const kind = kindsByAxis[axis];
  if (kind === undefined) return "`npm run matrix -- --help` has them all.";
  const more = kind === "networks" ? ", and `list conditions` shows what can follow a +" : "";
  return `\`npm run matrix -- list ${kind}\` shows the ${kind}${more}.`;
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

function explainEmpty(choice: CellChoice, catalog: Catalog, known: KnownNames, grep: Grep): string {
  if (choice.lastFailed) return "In the last run, every chosen cell was as expected.";
  const everywhere = resolveFacets({ ...choice.facets, server: choice.facets.server ?? ["*"] }, known);
  const elsewhere = grep(cellsOf({ include: [everywhere], expect: [] }, catalog).map(({ cell }) => cell.id));
  return choice.sources.length === 0 && elsewhere.size > 0
    ? `${elsewhere.size} cells with other servers match. Add --server '*'.`
    : "`npm run matrix -- list` shows the cells of the core matrix, and `list networks`, `list servers` and `list " +
        "clients` show what else you can choose; IPv6 has no PASV and PORT.";
}
