import { visible } from "../text/escape";
import type { Engine } from "../lab/engine";
import type { PlannedCell } from "../model/cell";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import type { Catalog } from "../plan/planned-cells";
import { loadCatalog } from "./catalog";
import { userProfile, withUserConfiguration } from "./user-configuration";
import { withRouterRules } from "./router-rules";
import { selectCells, type CellChoice } from "./select-cells";

/** Files of a user's own that take the places of what the project would render. */
export type UserFiles = {
  /** A server's configuration. */
  readonly serverConfig: string | undefined;
  /** `FILE` or `ROUTER=FILE`. */
  readonly routerRules: readonly string[];
};

/** The chosen cells and the catalog that they are of, with a user's files in their places. */
export type UserSelection = {
  readonly catalog: Catalog;
  readonly planned: readonly PlannedCell[];
  /** Whether any file is a user's own. */
  readonly isOwn: boolean;
  /** The profile whose place a user's configuration takes. */
  readonly profile: ServerProfile | null;
};

/** Selects cells as the command line says. @throws UsageError, ScenarioError or NoCellError before anything is started */
export function selectWithUserFiles(choice: CellChoice, { serverConfig, routerRules }: UserFiles): UserSelection {
  const project = withUserConfiguration(loadCatalog(), serverConfig);
  const selected = selectCells(choice, project);
  const catalog = withRouterRules(project, new Set(selected.map(({ cell }) => cell.topology)), routerRules);
  // With rules of a user's own other things are expected of the same cells.
  const planned = catalog === project ? selected : selectCells(choice, catalog);
  const profile = serverConfig === undefined ? null : userProfile(planned, catalog);
  return { catalog, planned, isOwn: profile !== null || routerRules.length > 0, profile };
}

/** The network and the server of a cell that was selected. */
export function setupOf({ catalog, planned: [planned] }: UserSelection): {
  readonly planned: PlannedCell;
  readonly topology: Topology;
  readonly server: ServerProfile;
} {
  const topology = catalog.topologies.get(planned?.cell.topology ?? "");
  const server = catalog.profiles.get(planned?.cell.server ?? "");
  if (planned === undefined || topology === undefined || server === undefined) {
    throw new Error(`no set-up for ${planned?.cell.id ?? "no cell"}`);
  }
  return { planned, topology, server };
}

/**
 * Has a user's configuration checked by the server itself, and tells what the lab takes over of it.
 * @throws UsageError in the server's words
 */
export async function checkUserFiles(engine: Engine, { catalog, planned, profile }: UserSelection): Promise<void> {
  if (profile === null) return;
  const topology = catalog.topologies.get(planned[0]?.cell.topology ?? "");
  if (topology === undefined) throw new Error("no topology to check a configuration with");
  const { checkUserConfiguration } = await import("../run/check-user-configuration.ts");
  const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
  const changed = await checkUserConfiguration(engine, { topology, profile }, tell);
  for (const { line, text } of changed)
    tell(`${profile.userConfig?.file ?? ""}:${line}: the lab takes over: ${visible(text)}`);
}
