import { foreignImageFile, foreignTools } from "../../model/ftp-site";
import type { ReleaseImage } from "../../model/release-image";
import type { ClientDefinition } from "./definition";
import { readOwnOutput } from "./user-output";

const recipe = "image@";

/** What an engine calls an image: `my/client:1`, `registry.example:5000/client@sha256:…`. */
export const imageReference =
  /^[a-z0-9][a-z0-9._/-]{0,100}(?::[A-Za-z0-9_][\w./-]{0,127})?(?::[\w.-]{1,127})?(?:@sha256:[0-9a-f]{64})?$/;

/**
 * The client that a program in this image is: `image@my~client=1`. A cell's id has slashes and an image's name one `@`, so a slash is
 * `~`, a colon `=`, and the `@` of a digest `^`.
 */
export function ownImageId(reference: string): string {
  return recipe + reference.replaceAll("/", "~").replaceAll(":", "=").replace("@", "^");
}

/** The image that a client id, or the name of an image for the lab, is of, as its engine calls it; `null` for any other. */
export function ownImageIn(id: string): string | null {
  if (!id.startsWith(recipe)) return null;
  return id.slice(recipe.length).replaceAll("~", "/").replaceAll("=", ":").replace("^", "@");
}

/** A user's own program in a user's own image in the client's place; `null` if the id names no image. */
export function ownImage(id: string): ClientDefinition | null {
  const reference = ownImageIn(id);
  if (reference === null || !imageReference.test(reference)) return null;
  return {
    id,
    title: `A program in the image ${reference}`,
    // Nobody knows, and nothing is predicted of it.
    defaults: { foreignAddress: "trust", resumeSession: true },
    options: {},
    program: {
      image: id as ReleaseImage,
      version: { argv: [`${foreignTools}/cat`, foreignImageFile], pattern: /^(sha256:[0-9a-f]{12})/ },
      keepsPlace: true,
      lacks: () => null,
      command: () => ({ argv: [`${foreignTools}/cat`, foreignImageFile], inOwnImage: true }),
      read: readOwnOutput,
    },
    usage: () => null,
  };
}
