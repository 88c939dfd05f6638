/** The project's own topologies and server profiles, as the build has read them, for tests that ask what the code makes of them. */
import { dataCommandsOf, modes, operations } from "../../harness/model/axes";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { Topology } from "../../harness/model/topology";
import { variantsOf } from "../../harness/plan/server-options";
import { readBuiltCatalog } from "../../harness/cli/built-catalog";

export const { topologies, profiles } = readBuiltCatalog();
/** Those of the core matrix. */
export const coreTopologies = topologies.filter(({ isFurther }) => isFurther !== true);
/** Cells of the core matrix. */
export const coreSize = coreTopologies.reduce(
  (sum, { family }) => sum + modes.length * dataCommandsOf(family).length * operations.length,
  0,
);
const profilesWithOptions = profiles.flatMap(variantsOf);

export function topologyNamed(id: string): Topology {
  return named(topologies, id);
}

/** `tls-optional+expired` is one too. */
export function profileNamed(id: string): ServerProfile {
  return named(profilesWithOptions, id);
}

function named<T extends { readonly id: string }>(items: readonly T[], id: string): T {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`the project has no ${id}`);
  return item;
}
