/** All our images in one file, for machines that run shards and should not each build them. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { LabError, UsageError, messageOf } from "../model/errors";
import type { Engine } from "./engine";
import { imageNames } from "./image-definitions";
import { basesOf, imageId, imageTags, isReleaseImage } from "./images";

/** dockerode has it, and its types have not. */
type SavingDocker = { getImages(options: { readonly names: readonly string[] }): Promise<NodeJS.ReadableStream> };

/** Those of our images that are there, and what they are built on: an image's tag follows from its base's id. */
export async function imagesToShip(engine: Engine): Promise<readonly string[]> {
  // Those of releases are built where a cell needs them.
  const tags = Object.entries((await imageTags(engine)) as Readonly<Record<string, string>>);
  const wanted = [
    ...(await basesOf(imageNames)),
    ...tags.flatMap(([name, tag]) => (isReleaseImage(name) ? [] : [tag])),
  ];
  const there = wanted.map(async (name) => ((await imageId(engine, name)) === null ? [] : [name]));
  return (await Promise.all(there)).flat();
}

/**
 * Writes images to a file, as `docker save` does.
 * @throws LabError `image-save-failed`
 */
export async function saveImages(
  engine: Engine,
  names: readonly string[],
  file: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const docker = engine.docker as Engine["docker"] & SavingDocker;
    await pipeline(await docker.getImages({ names }), createWriteStream(file), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new LabError("image", `The images could not be saved to ${file}: ${reasonOf(cause)}`, {
      code: "image-save-failed",
      hint: "Check that you may write it and that there is room for about 4 GB.",
      cause,
    });
  }
}

/**
 * Loads what `saveImages` wrote.
 * @returns the names of the images
 * @throws UsageError `image-archive-unreadable`, LabError `image-load-failed`
 */
export async function loadImages(engine: Engine, file: string, signal: AbortSignal): Promise<readonly string[]> {
  const archive = createReadStream(file);
  await new Promise<void>((resolve, reject) => {
    archive.once("open", () => {
      resolve();
    });
    archive.once("error", (cause) => {
      reject(
        new UsageError(`cannot read ${file}: ${cause.message}`, {
          code: "image-archive-unreadable",
          hint: "Name the file that `npm run setup -- --save-images FILE` wrote.",
          cause,
        }),
      );
    });
  });
  try {
    const events = await engine.docker.loadImage(archive, { quiet: true, abortSignal: signal });
    const names: string[] = [];
    for await (const line of createInterface({ input: events })) {
      const { error, stream = "" } = JSON.parse(line) as { readonly error?: string; readonly stream?: string };
      if (error !== undefined) throw new Error(error);
      const [, name] = /^Loaded image(?: ID)?: (\S+)/.exec(stream) ?? [];
      if (name !== undefined) names.push(name);
    }
    if (names.length === 0) throw new Error("there is no image in it");
    return names;
  } catch (cause) {
    signal.throwIfAborted();
    throw new LabError("image", `The engine did not take the images of ${file}: ${reasonOf(cause)}`, {
      code: "image-load-failed",
      hint: "Write the file again with `npm run setup -- --save-images FILE`, and check that the engine has room for it.",
      cause,
    });
  }
}

function reasonOf(cause: unknown): string {
  return messageOf(cause);
}
