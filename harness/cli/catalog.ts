import { clients, resolveClient } from "../catalog/clients/registry";
import { applyConditions, conditions } from "../catalog/conditions/registry";
import type { Catalog } from "../plan/planned-cells";
import { clientReleaseChoices } from "../plan/release-choices";
import { optionsOf } from "../plan/server-options";
import { catalogIn } from "../inputs/catalog-file";
import type { KnownOptions } from "../inputs/option-id";
import type { KnownNames } from "../inputs/scenario-file";
import { readBuiltCatalog } from "./built-catalog";

/** Every topology and server profile, as the build read them. @throws ScenarioError with the problems of all files. */
export function loadCatalog(): Catalog {
  return catalogIn(readBuiltCatalog());
}

/** The names that scenario files and the command line may use. */
export function knownNames(catalog: Catalog): KnownNames {
  const files = catalog.topologies.files();
  // Ids with options are made from these.
  const profiles = [...catalog.profiles.values()].filter(({ id }) => !id.includes("+"));
  const options = (ofRelease: boolean): KnownOptions =>
    new Map(profiles.flatMap((one) => (one.id.includes("@") === ofRelease ? [[one.id, optionsOf(one)] as const] : [])));
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
    servers: options(false),
    clients: new Map(clients.map((client) => [client.id, Object.keys(client.options)])),
    releases: {
      server: options(true),
      versions: {
        optionsOf: (id) => {
          const definition = resolveClient(id)?.definition;
          return definition?.release === undefined ? null : Object.keys(definition.options);
        },
        takesNode: (id, word) => resolveClient(`${id}+${word}`) !== null,
      },
      client: new Map(
        clients.flatMap((client) =>
          clientReleaseChoices(client).map(({ id }) => [id, Object.keys(client.options)] as const),
        ),
      ),
    },
  };
}
