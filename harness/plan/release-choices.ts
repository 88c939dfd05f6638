/** The releases from which clients and servers may come, for lists. */
import type { ClientDefinition } from "../catalog/clients/definition";
import { clientReleases } from "../catalog/clients/release";
import type { DebianRelease } from "../catalog/releases/definition";
import { softwareNamed } from "../catalog/servers/registry";
import type { ServerProfile } from "../model/server-profile";
import { releasesOf } from "./server-options";

/** A client or a server of one release: `{ id: "curl@bullseye", release: "bullseye", title: "Debian 11", version: "7.74.0" }`. */
export type ReleaseChoice = {
  readonly id: string;
  readonly release: string;
  readonly title: string;
  /** As its makers number it; of a release that moves, as it was when the lab learned it. */
  readonly version: string;
};

/** The releases of a client, in the order of age; none where Debian does not package it. */
export function clientReleaseChoices(client: ClientDefinition): readonly ReleaseChoice[] {
  return choices(client.id, clientReleases(client), client.debian?.package ?? "");
}

/** The releases of a profile's software, in the order of age; none where the lab has one alone. */
export function serverReleaseChoices(profile: ServerProfile): readonly ReleaseChoice[] {
  return choices(profile.id, releasesOf(profile), softwareNamed(profile.software).debianPackage ?? "");
}

function choices(base: string, releases: readonly DebianRelease[], debianPackage: string): readonly ReleaseChoice[] {
  return releases.map(({ id, title, versions }) => ({
    id: `${base}@${id}`,
    release: id,
    title,
    version: versions[debianPackage] ?? "",
  }));
}
