import { join } from "node:path";
import type { CatalogFile } from "../../inputs/catalog-file";
import { loadServerProfiles, loadTopologies } from "../../inputs/load";
import { ScenarioError } from "../../model/errors";

/** The text of `dist/catalog.json`, from the YAML files below `root`. */
export function catalogText(root: string): string {
  return JSON.stringify(catalogFile(join(root, "topologies")));
}

function catalogFile(folder: string): CatalogFile {
  try {
    const [topologies, profiles] = [loadTopologies(folder), loadServerProfiles(join(folder, "servers"))];
    return { kind: "parsed", topologies, profiles };
  } catch (error) {
    // Commands that need no catalogue work all the same.
    if (error instanceof ScenarioError) return { kind: "wrong", problems: error.problems };
    throw error;
  }
}
