import type { ImageName } from "./ids";

/**
 * An image that is made from a recipe and a release, and has no folder: `curl@bullseye`, `server-vsftpd@sid`, `basic-ftp@3.8.7`; with
 * a Node of its own `node@22.22.3` and `basic-ftp@3.8.7+node@22.22.3`.
 */
export type ReleaseImage = `${string}@${string}`;

export type AnyImage = ImageName | ReleaseImage;

/** What an image of a release is made from; `node` is the version of the Node that its scripts run on, or `null` for the agent's. */
export type ReleaseParts = { readonly recipe: string; readonly release: string; readonly node: string | null };

/** `curl@bullseye` → its parts; `null` if no release is named. */
export function partsOfImage(name: string): ReleaseParts | null {
  const [first = "", second] = name.split("+");
  const [recipe = "", release] = first.split("@");
  if (release === undefined) return null;
  return { recipe, release, node: nodeVersionIn(second ?? first) };
}

/** The word by which an id says on which Node a script runs: `node@22.22.3` → `22.22.3`; `null` for any other word. */
export function nodeVersionIn(word: string): string | null {
  return /^node@(\d{1,4}\.\d{1,4}\.\d{1,4})$/.exec(word)?.[1] ?? null;
}
