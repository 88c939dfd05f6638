import type { ReleaseId } from "../../model/ids";
import { debianReleases } from "./all";
import type { DebianRelease } from "./definition";

export { debianReleases };

/** The release of this id. @throws Error where there is none */
export function debianRelease(id: string): DebianRelease {
  const found = debianReleases.find((release) => release.id === id);
  if (found === undefined) throw new Error(`no Debian release ${id}`);
  return found;
}

/** The releases that have a package, in the order of age. */
export function releasesWith(debianPackage: string): readonly DebianRelease[] {
  return debianReleases.filter(({ versions }) => Object.hasOwn(versions, debianPackage));
}

/** The version of a package in a release, as its makers number it; `null` if the release does not have it. */
export function versionIn(release: ReleaseId, debianPackage: string): string | null {
  return debianRelease(release).versions[debianPackage] ?? null;
}
