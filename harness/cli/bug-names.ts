import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../plan/planned-cells";
import type { BugNames } from "../inputs/bug-file";
import type { WrittenFolder } from "../inputs/bug-network";
import { readSource } from "../inputs/load";
import { readYaml } from "../inputs/yaml-document";
import { knownNames } from "./catalog";
import { projectRoot } from "../lab/project";

/** What a report may name, with the files that its changes begin from. */
export function bugNames(catalog: Catalog): BugNames {
  return {
    known: knownNames(catalog),
    written: { topologies: folderOf("topologies"), servers: folderOf(join("topologies", "servers")) },
  };
}

function folderOf(folder: string): WrittenFolder {
  const place = join(projectRoot, folder);
  const names = readdirSync(place).filter((name) => name.endsWith(".yaml"));
  const ids = names.map((name) => name.slice(0, -".yaml".length)).sort();
  return {
    ids,
    valueOf: (id) => (ids.includes(id) ? readYaml(readSource(join(place, `${id}.yaml`))).value : null),
  };
}
