import { NetworkCatalog } from "../catalog/conditions/network-catalog";
import type { InputProblem } from "../model/errors";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import type { Catalog } from "../plan/planned-cells";
import { everyVariantOf } from "../plan/server-options";

/** `dist/catalog.json`: what the build has read from the YAML files of `topologies/`, or what is wrong in them. */
export type CatalogFile =
  | { readonly kind: "parsed"; readonly topologies: readonly Topology[]; readonly profiles: readonly ServerProfile[] }
  | { readonly kind: "wrong"; readonly problems: readonly InputProblem[] };

/** The file's networks, and its server profiles with every release and option. */
export function catalogIn({ topologies, profiles }: Extract<CatalogFile, { kind: "parsed" }>): Catalog {
  const variants = profiles.flatMap(everyVariantOf);
  return {
    topologies: new NetworkCatalog(topologies),
    profiles: new Map(variants.map((profile) => [profile.id, profile])),
  };
}
