import type { ClientImage } from "../../model/program";
import { homeRelease } from "../../model/server-profile";
import type { DebianRelease } from "../releases/definition";
import { debianRelease, releasesWith } from "../releases/registry";
import type { ClientDefinition } from "./definition";

/** Debian's releases that have a client, in the order of age. */
export function clientReleases({ debian }: ClientDefinition): readonly DebianRelease[] {
  return debian === undefined ? [] : releasesWith(debian.package);
}

/** The client as a release of Debian has it; `null` where that has none. */
export function clientOfRelease(client: ClientDefinition, releaseId: string): ClientDefinition | null {
  const { debian, program } = client;
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

function imageIn({ id }: DebianRelease, { id: client, debian }: ClientDefinition, home: ClientImage): ClientImage {
  return id === homeRelease ? home : (debian?.images?.[id] ?? `${client}@${id}`);
}
