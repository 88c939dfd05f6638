import type { ImageName } from "./ids";

/** An image that is made from a recipe and a release, and has no folder: `curl@bullseye`, `server-vsftpd@sid`, `basic-ftp@3.8.7`. */
export type ReleaseImage = `${string}@${string}`;

export type AnyImage = ImageName | ReleaseImage;

/** `curl@bullseye` → its two parts; `null` if no release is named. */
export function partsOfImage(name: string): { readonly recipe: string; readonly release: string } | null {
  const [recipe = "", release] = name.split("@");
  return release === undefined ? null : { recipe, release };
}
