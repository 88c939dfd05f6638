import type { ClientDefinition } from "../catalog/clients/definition";
import { versionIn } from "../catalog/releases/registry";
import type { ServerSoftware } from "../catalog/servers/definition";
import type { Versions } from "../lab/lab-port";
import type { ReleaseId } from "../model/ids";
import { homeRelease } from "../model/server-profile";

/** Sentences on programs of a release that have another version than the one that their expectations were written for. */
export function driftOf(
  clients: readonly ClientDefinition[],
  server: { readonly software: ServerSoftware; readonly release: ReleaseId },
  versions: Versions,
): readonly string[] {
  const { software, release } = server;
  const known = software.debianPackage === undefined ? null : versionIn(release, software.debianPackage);
  return [
    ...clients.flatMap(({ id, release: own }) => (own === undefined ? [] : drift(id, versions[id], own.version))),
    ...(known === null || release === homeRelease
      ? []
      : drift(`${software.id} (${release})`, versions[`${software.id} (${release})`], known)),
  ];
}

function drift(name: string, seen: string | undefined, known: string): readonly string[] {
  const isSame = seen === undefined || seen === "unknown" || `${seen}.`.startsWith(`${known}.`);
  return isSame ? [] : [`${name} is ${seen} here; what is expected of it was written for ${known}`];
}
