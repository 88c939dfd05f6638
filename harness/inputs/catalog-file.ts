import type { InputProblem } from "../model/errors";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";

/** `dist/catalog.json`: what the build has read from the YAML files of `topologies/`, or what is wrong in them. */
export type CatalogFile =
  | { readonly kind: "parsed"; readonly topologies: readonly Topology[]; readonly profiles: readonly ServerProfile[] }
  | { readonly kind: "wrong"; readonly problems: readonly InputProblem[] };
