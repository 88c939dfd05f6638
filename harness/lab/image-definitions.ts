import { createHash } from "node:crypto";
import { imageNames as allImages, type ImageName } from "../model/ids";
import type { AnyImage } from "../model/release-image";

export type { ImageName };
import { ownerName } from "./labels";

/** The image on which most of ours are built: pulled, or bootstrapped from Debian packages under the same name. */
export const baseImage = "debian:trixie-slim";

/** The image of the release before, for programs of that age; had when an image that is built on it is first needed. */
export const olderBaseImage = "debian:bookworm-slim";

/** Images that every lab needs; the patch panel runs from `router`. */
export const coreImages = ["server", "router", "client"] as const;

/** Ids of images by name: those of every lab, and those that the run's cells need. */
export type SiteImages = Readonly<Record<(typeof coreImages)[number], string> & Partial<Record<AnyImage, string>>>;

const isCore = (name: ImageName): boolean => coreImages.some((core) => core === name);

/**
 * Our images, first those of every lab. Those with packaged clients and other servers are built when a cell first needs them. Each
 * has its Dockerfile in `harness/lab/images/<name>/`.
 */
export const imageNames: readonly ImageName[] = [...coreImages, ...allImages.filter((name) => !isCore(name))];

/** One file of a build context. */
export type ContextFile = {
  /** Relative to the context's folder, with forward slashes. */
  readonly path: string;
  readonly content: Buffer;
  /** Whether it may be run; left out: no. */
  readonly isProgram?: true;
};

/**
 * Tag of an image with these inputs: `ftp-nat-matrix/<name>:<12 hex digits>`. Equal inputs give equal tags on every
 * machine, so an image that was shipped there is found and not built again.
 */
export function imageTag(name: string, context: readonly ContextFile[], baseId: string): string {
  const hash = createHash("sha256");
  const add = (part: string | Buffer) => {
    // The length keeps "ab"+"c" and "a"+"bc" apart.
    hash.update(`${Buffer.byteLength(part)}:`).update(part);
  };
  add(baseId);
  for (const file of sortContext(context)) {
    add(file.path);
    add(file.content);
  }
  return `${imageRepository(name)}:${hash.digest("hex").slice(0, 12)}`;
}

/** The image that a Dockerfile's last stage begins with (FROM). */
export function baseOf(context: readonly ContextFile[]): string {
  const dockerfile = context.find(({ path }) => path === "Dockerfile")?.content.toString("utf8") ?? "";
  return [...dockerfile.matchAll(/^FROM (\S+)$/gm)].at(-1)?.[1] ?? baseImage;
}

/** Everything before the colon of an image's tag, which takes no `@` and no `+`. */
export function imageRepository(name: string): string {
  // What a user's own program needs may hold signs that no tag takes.
  const [recipe = ""] = name.split("@");
  const hashed = /[=,^~]/.test(name)
    ? `${recipe}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`
    : null;
  return `${ownerName}/${hashed ?? name.replaceAll(/[@+]/g, "-")}`;
}

/** The one order in which a context is hashed and packed. */
export function sortContext(context: readonly ContextFile[]): readonly ContextFile[] {
  return [...context].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
