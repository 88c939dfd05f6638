import type { ServerLogs, ServerLogTexts } from "../../evidence/text/server-log";
import type { ServerProfile } from "../../model/server-profile";
import type { ProfileLack, ServerImage, ServerSoftware } from "./definition";
import { proftpd } from "./proftpd";
import { pureFtpd } from "./pure-ftpd";
import { pyftpdlib } from "./pyftpdlib";
import { vsftpd } from "./vsftpd";

/** Every server software, in the order in which they are listed; a new one is a file here and a line in this list. */
export const softwares: readonly [ServerSoftware, ...ServerSoftware[]] = [proftpd, vsftpd, pureFtpd, pyftpdlib];

/** A software by its id; recordings of before there were several are of ProFTPD. Profiles are checked when they are read. */
export function softwareNamed(id: string): ServerSoftware {
  return softwares.find((software) => software.id === id) ?? proftpd;
}

/** A server's logs, as its software writes them. */
export function readServerLogs(texts: ServerLogTexts & { readonly software: string }): ServerLogs {
  return softwareNamed(texts.software).readLogs(texts);
}

/** The image that a profile's server lives in. */
export function imageOf({ software, release }: Pick<ServerProfile, "software" | "release">): ServerImage {
  const image = softwareNamed(software).images[release];
  if (image === undefined) throw new Error(`no image of ${software} of ${release}`);
  return image;
}

/** The software in an image. */
export function softwareIn(image: ServerImage): ServerSoftware {
  return softwares.find(({ images }) => Object.values(images).includes(image)) ?? proftpd;
}

/** The images of all servers but the default one, which are built when a cell first needs them. */
export const otherServerImages: readonly ServerImage[] = softwares
  .flatMap(({ images }) => Object.values(images))
  .filter((image) => image !== "server");

/** What its software cannot do of a profile; `null` where it can do all. */
export function lackOf(profile: Pick<ServerProfile, "software" | "release" | "tls">): ProfileLack | null {
  const software = softwareNamed(profile.software);
  if (software.images[profile.release] === undefined) {
    return { key: "release", what: `the lab has no ${software.name} of ${profile.release}` };
  }
  return software.lacks(profile);
}
