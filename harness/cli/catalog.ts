import { join } from "node:path";
import { clients } from "../catalog/clients/registry";
import { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { applyConditions, conditions } from "../catalog/conditions/registry";
import type { Catalog } from "../plan/planned-cells";
import { optionsOf, variantsOf } from "../plan/server-options";
import { loadServerProfiles, loadTopologies } from "../inputs/load";
import type { KnownNames } from "../inputs/scenario-file";
import { keptOf } from "./kept";
import { projectRoot } from "../lab/project";

const [topologyFolder, profileFolder] = ["topologies", join("topologies", "servers")];
/** The files themselves and what reads them: the schemas, and what those take from elsewhere. */
const readers = ["inputs", "model", "net", "text", "ftp", "evidence", "catalog", "plan"].map((folder) =>
  join("harness", folder),
);
const ingredients = [topologyFolder, profileFolder, ...readers];

/** Reads every topology and server profile. @throws ScenarioError with the problems of all files. */
export function loadCatalog(): Catalog {
  const { topologies, profiles } = keptOf(ingredients, () => ({
    topologies: loadTopologies(join(projectRoot, topologyFolder)),
    profiles: loadServerProfiles(join(projectRoot, profileFolder)),
  }));
  const variants = profiles.flatMap(variantsOf);
  return {
    topologies: new NetworkCatalog(topologies),
    profiles: new Map(variants.map((profile) => [profile.id, profile])),
  };
}

/** The names that scenario files and the command line may use. */
export function knownNames(catalog: Catalog): KnownNames {
  const files = catalog.topologies.files();
  return {
    topologies: {
      ids: files.map(({ id }) => id),
      further: files.flatMap(({ id, isFurther }) => (isFurther === true ? [id] : [])),
      conditions: conditions.map(({ id }) => id),
      compose: (id, words) => {
        const topology = catalog.topologies.get(id);
        return topology === undefined ? { problem: `there is no topology ${id}` } : applyConditions(topology, words);
      },
    },
    // Their ids with options are made from these.
    servers: new Map([...catalog.profiles.values()].flatMap((p) => (p.id.includes("+") ? [] : [[p.id, optionsOf(p)]]))),
    clients: new Map(clients.map((client) => [client.id, Object.keys(client.options)])),
  };
}
