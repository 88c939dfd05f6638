import type { ClientImage } from "../../model/program";
import { homeRelease } from "../../model/server-profile";
import type { DebianRelease } from "../releases/definition";
import { debianRelease, releasesWith } from "../releases/registry";
import type { ClientDefinition, NpmLibrary } from "./definition";

/** Debian's releases that have a client, in the order of age. */
export function clientReleases({ debian }: ClientDefinition): readonly DebianRelease[] {
  return debian === undefined ? [] : releasesWith(debian.package);
}

/** The client as a release of Debian has it, or as a version of its library is; `null` if there is none. */
export function clientOfRelease(client: ClientDefinition, releaseId: string): ClientDefinition | null {
  const { debian, program, npm } = client;
  if (npm !== undefined && isVersion(releaseId)) return clientOfVersion(client, npm, releaseId);
  const release = clientReleases(client).find(({ id }) => id === releaseId);
  if (release === undefined || debian === undefined || program === null) return null;
  const version = release.versions[debian.package] ?? "";
  const changed = { ...client, ...debian.at?.(version) };
  return {
    ...changed,
    id: `${client.id}@${release.id}`,
    title: client.title.replace(debianRelease(homeRelease).title, `${release.title} (${version})`),
    release: { id: release.id, version },
    program: { ...(changed.program ?? program), image: imageIn(release, client, program.image) },
  };
}

/** `3.8.7`: the version of a library. */
export function isVersion(release: string): boolean {
  return /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(release);
}

function clientOfVersion({ id }: ClientDefinition, npm: NpmLibrary, version: string): ClientDefinition | null {
  const found = npm.at(version);
  const own = found?.program ?? null;
  if (found === null || own === null) return null;
  const program = { ...own, image: `${id}@${version}` } as const;
  return { ...found, id: `${id}@${version}`, release: { id: version, version }, program };
}

function imageIn({ id }: DebianRelease, { id: client, debian }: ClientDefinition, home: ClientImage): ClientImage {
  return id === homeRelease ? home : (debian?.images?.[id] ?? `${client}@${id}`);
}
