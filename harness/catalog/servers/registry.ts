import type { ServerLogs, ServerLogTexts } from "../../evidence/text/server-log";
import { UsageError } from "../../model/errors";
import { softwareIds, type ReleaseId, type SoftwareId } from "../../model/ids";
import { partsOfImage } from "../../model/release-image";
import { homeRelease, type ServerProfile } from "../../model/server-profile";
import type { DebianRelease } from "../releases/definition";
import { debianReleases, versionIn } from "../releases/registry";
import { softwares } from "./all";
import type { ProfileLack, ServerImage, ServerSoftware, ServerTraits } from "./definition";

export { softwares };

/** The software of this id. @throws UsageError where the lab has none, as an id that was not checked may be */
export function softwareNamed(id: SoftwareId): ServerSoftware {
  const found = softwares.find((software) => software.id === id);
  if (found !== undefined) return found;
  throw new UsageError(`There is no server software \`${id}\`.`, {
    code: "unknown-server-software",
    hint: `The lab has ${softwareIds.join(", ")}.`,
  });
}

const knownTraits = new WeakMap<ServerProfile, ServerTraits>();

/** What a profile's server does: worked out once for each profile, which is never changed, only made anew. */
export function traitsOfServer(profile: ServerProfile): ServerTraits {
  const traits = knownTraits.get(profile) ?? softwareNamed(profile.software).traits(profile);
  knownTraits.set(profile, traits);
  return traits;
}

/** A server's logs, as its software writes them. */
export function readServerLogs(texts: ServerLogTexts & { readonly software: SoftwareId }): ServerLogs {
  return softwareNamed(texts.software).readLogs(texts);
}

/** The image that a profile's server lives in. */
export function imageOf({ software, release }: Pick<ServerProfile, "software" | "release">): ServerImage {
  const image = imageIn(softwareNamed(software), release);
  if (image === null) throw new Error(`no image of ${software} of ${release}`);
  return image;
}

/** The image of a software in a release; `null` if the release does not have it. */
function imageIn({ images, debianPackage }: ServerSoftware, release: ReleaseId): ServerImage | null {
  const [own, home] = [images[release], images[homeRelease]];
  if (own !== undefined) return own;
  if (home === undefined || debianPackage === undefined || versionIn(release, debianPackage) === null) return null;
  return `${home as "server"}@${release}`;
}

/** The release that an image of a software is of. */
export function releaseOfImage(software: ServerSoftware, image: ServerImage): ReleaseId {
  const found = softwareReleases(software).find(({ id }) => imageIn(software, id) === image);
  return found?.id ?? homeRelease;
}

/** Debian's releases that have a software, in the order of age. */
export function softwareReleases(software: ServerSoftware): readonly DebianRelease[] {
  return debianReleases.filter(({ id }) => imageIn(software, id) !== null);
}

/** The software in an image: two may share one. */
export function softwaresIn(image: ServerImage): readonly ServerSoftware[] {
  const recipe = partsOfImage(image)?.recipe ?? image;
  const found = softwares.filter(({ images }) => Object.values<string>(images).includes(recipe));
  if (found.length === 0) throw new Error(`no server software lives in the image ${image}`);
  return found;
}

/** What its software cannot do of a profile; `null` if it can do all. */
export function lackOf(
  profile: Pick<ServerProfile, "software" | "release" | "tls" | "foreignAddress">,
): ProfileLack | null {
  const software = softwareNamed(profile.software);
  if (imageIn(software, profile.release) === null) {
    return { key: "release", what: `the lab has no ${software.name} of ${profile.release}` };
  }
  return software.lacks(profile);
}
