/** Networks of a user's own: a folder that `import` wrote, or a topology file, beside those of the project. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { folderId } from "../inputs/file-id";
import { loadServerProfile, loadTopology } from "../inputs/load";
import { latestFolder, projectRoot } from "../lab/project";
import { UsageError } from "../model/errors";
import { networkIdOf } from "../model/positions";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import type { Catalog } from "../plan/planned-cells";
import { everyVariantOf } from "../plan/server-options";
import { readReport } from "../../reports/read-report";

/** A network of a user's own, and what stands beside it in its folder. */
export type OwnNetwork = {
  /** As the user named it. */
  readonly path: string;
  /** Without a position. */
  readonly id: string;
  /** One for each position. */
  readonly topologies: readonly Topology[];
  /** The server of its folder; `null` if that has none. */
  readonly server: ServerProfile | null;
  /** The scenario file of its folder; `null` if that has none. */
  readonly scenario: string | null;
};

const networkFile = "network.yaml";

/** Whether an argument names a folder with a network in it. @throws UsageError for a folder without one */
export function isNetworkFolder(source: string): boolean {
  if (!isFolder(source)) return false;
  if (existsSync(join(source, networkFile))) return true;
  throw new UsageError(`The folder ${source} has no ${networkFile}.`, {
    code: "no-network",
    hint: "`npm run matrix -- import FILES --output DIR` makes such a folder from the files of your machines.",
  });
}

/** Whether a word of `--topology` is a path and no id. */
export function isNetworkPath(word: string): boolean {
  return /\.ya?ml([@+]|$)/.test(word) || /[\\/]/.test(word);
}

/** `./my-net.yaml@lan+reject` → the path, and the position and the conditions as they are written. */
export function splitPath(word: string): { readonly path: string; readonly rest: string } {
  const [, path = word, rest = ""] = /^(.*?)((?:@[a-z0-9*-]+)?(?:\+[a-z0-9-]+)*)$/.exec(word) ?? [];
  return existsSync(word) ? { path: word, rest: "" } : { path, rest };
}

/**
 * Reads a network of a user's own.
 * @param path a topology file, or a folder with `network.yaml`, and perhaps `server.yaml` and `scenario.yaml`
 * @throws UsageError where there is none, ScenarioError with what is wrong in its files
 */
export function readOwnNetwork(path: string): OwnNetwork {
  // The file of such a folder stands for all of it.
  const folder = basename(path) === networkFile ? dirname(path) : path;
  if (!isFolder(folder)) {
    const topologies = loadTopology(path);
    return { path, id: networkIdOf(topologies[0]?.id ?? ""), topologies, server: null, scenario: null };
  }
  isNetworkFolder(folder);
  const name = basename(resolve(folder));
  const id = folderId(name);
  if (id === null) {
    throw new UsageError(
      `The folder's name is the network's id, and ${name} has no letter with which an id could ` + `begin.`,
      {
        code: "no-network",
        hint: "Give the folder a name of letters, digits and hyphens.",
      },
    );
  }
  const [server, scenario] = [join(folder, "server.yaml"), join(folder, "scenario.yaml")];
  return {
    path,
    id,
    topologies: loadTopology(join(folder, networkFile), id),
    server: existsSync(server) ? loadServerProfile(server, `${id}-server`) : null,
    scenario: existsSync(scenario) ? scenario : null,
  };
}

/** Whether a path leads to one of the project's own topology files. */
export function isProjectFile(path: string): boolean {
  return resolve(path).startsWith(join(projectRoot, "topologies"));
}

/** The catalog with these networks and their servers in it. @throws UsageError for an id that is there already */
export function withOwnNetworks(catalog: Catalog, networks: readonly OwnNetwork[]): Catalog {
  if (networks.length === 0) return catalog;
  const files = [...catalog.topologies.files()];
  const profiles = new Map(catalog.profiles);
  for (const { path, id, topologies, server } of networks) {
    if (files.some((other) => networkIdOf(other.id) === id) || (server !== null && profiles.has(server.id))) {
      throw new UsageError(`${path}: there is a network ${id} already.`, {
        code: "network-taken",
        hint: "The name of the folder or file is the network's id: give it another one.",
      });
    }
    // The core matrix stays what it is.
    files.push(...topologies.map((topology) => ({ ...topology, isFurther: true as const })));
    for (const profile of server === null ? [] : everyVariantOf(server)) profiles.set(profile.id, profile);
  }
  return { topologies: new NetworkCatalog(files), profiles };
}

/** The paths of the networks of a user's own that the newest run had, by id; none where there is no run. */
export function networksOfLastRun(): Readonly<Record<string, string>> {
  return existsSync(join(latestFolder, "report.json")) ? (readReport(latestFolder).run.networks ?? {}) : {};
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
