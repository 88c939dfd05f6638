import type { ServerLogs, ServerLogTexts } from "../../evidence/text/server-log";
import { UsageError } from "../../model/errors";
import { softwareIds, type SoftwareId } from "../../model/ids";
import type { ServerProfile } from "../../model/server-profile";
import { softwares } from "./all";
import type { ProfileLack, ServerImage, ServerSoftware } from "./definition";

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

/** A server's logs, as its software writes them. */
export function readServerLogs(texts: ServerLogTexts & { readonly software: SoftwareId }): ServerLogs {
  return softwareNamed(texts.software).readLogs(texts);
}

/** The image that a profile's server lives in. */
export function imageOf({ software, release }: Pick<ServerProfile, "software" | "release">): ServerImage {
  const image = softwareNamed(software).images[release];
  if (image === undefined) throw new Error(`no image of ${software} of ${release}`);
  return image;
}

/** The software in an image: two may share one. */
export function softwaresIn(image: ServerImage): readonly ServerSoftware[] {
  const found = softwares.filter(({ images }) => Object.values(images).includes(image));
  if (found.length === 0) throw new Error(`no server software lives in the image ${image}`);
  return found;
}

/** What its software cannot do of a profile; `null` where it can do all. */
export function lackOf(
  profile: Pick<ServerProfile, "software" | "release" | "tls" | "foreignAddress">,
): ProfileLack | null {
  const software = softwareNamed(profile.software);
  if (software.images[profile.release] === undefined) {
    return { key: "release", what: `the lab has no ${software.name} of ${profile.release}` };
  }
  return software.lacks(profile);
}
