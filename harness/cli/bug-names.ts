import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../plan/planned-cells";
import type { BugNames } from "../scenario/bug-file";
import { readYaml } from "../scenario/yaml-document";
import { knownNames } from "./catalog";
import { projectRoot } from "./project";

/** What a report may name, with the text of the files that its changes begin from. */
export function bugNames(catalog: Catalog): BugNames {
  return {
    known: knownNames(catalog),
    written: { topologies: valuesIn("topologies"), servers: valuesIn(join("topologies", "servers")) },
  };
}

function valuesIn(folder: string): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const names = readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith(".yaml"));
  return new Map(
    names.sort().map((name) => {
      const file = join(projectRoot, folder, name);
      return [name.slice(0, -".yaml".length), readYaml({ file, text: readFileSync(file, "utf8") }).value] as const;
    }),
  );
}
