import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogFile } from "../inputs/catalog-file";
import { distFolder } from "../lab/project";
import { ScenarioError } from "../model/errors";

/** The topologies and server profiles of the project's files, as the build read them. @throws ScenarioError with the problems of all files */
export function readBuiltCatalog(): Extract<CatalogFile, { readonly kind: "parsed" }> {
  const file = JSON.parse(readFileSync(join(distFolder, "catalog.json"), "utf8")) as CatalogFile;
  if (file.kind === "wrong") throw new ScenarioError(file.problems);
  return file;
}
