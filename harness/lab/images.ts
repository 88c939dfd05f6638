import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { LabError } from "../model/errors";
import { buildImage } from "./image-build";
import { ownImageIn } from "../catalog/clients/user-image";
import { clients, resolveClient } from "../catalog/clients/registry";
import { clientReleases, isVersion } from "../catalog/clients/release";
import { imageOf, softwareReleases, softwares } from "../catalog/servers/registry";
import { partsOfImage, type AnyImage, type ReleaseImage } from "../model/release-image";
import {
  baseImage,
  baseOf,
  imageNames,
  imageRepository,
  imageTag,
  type ContextFile,
  type ImageName,
} from "./image-definitions";
import { foreignContext } from "./foreign-image";
import { filesFromNpm, releaseContext } from "./release-recipe";
import { statusOf, type Engine } from "./engine";
import { ownerFilter } from "./labels";
import { projectRoot } from "./project";

/** What is happening to an image. */
export type ImageProgress<Name extends string = ImageName> = { readonly name: Name } & (
  | { readonly kind: "present"; readonly tag: string }
  | { readonly kind: "building"; readonly tag: string }
  | { readonly kind: "output"; readonly line: string }
  | { readonly kind: "built"; readonly tag: string; readonly durationMs: number }
);

type EnsureOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Holds a folder with a Dockerfile for each name. */
  readonly folder?: string | undefined;
};

/** More would only share the same mirror and the same two cores. */
const buildsAtOnce = 2;

const imagesFolder = join(projectRoot, "harness", "lab", "images");

/**
 * Builds the images that are missing, two at once, and gives every name's tag.
 * @throws LabError of phase `image`, codes `base-image-missing` and `image-build-failed`.
 */
export async function ensureImages<Name extends string = ImageName>(
  engine: Engine,
  names: readonly Name[],
  onProgress: (progress: ImageProgress<Name>) => void = () => undefined,
  options: EnsureOptions = {},
): Promise<Record<Name, string>> {
  const ensureOne = async (name: Name): Promise<[Name, string]> => {
    const context = await contextOf(engine, name, options.folder);
    const tag = imageTag(name, context, await baseImageId(engine, baseOf(context)));
    if ((await imageId(engine, tag)) !== null) {
      onProgress({ kind: "present", name, tag });
      return [name, tag];
    }
    const startedAt = performance.now();
    onProgress({ kind: "building", name, tag });
    const onLine = (line: string) => {
      onProgress({ kind: "output", name, line });
    };
    const { signal } = options;
    const { architecture } = engine.info;
    const never = new AbortController().signal;
    const fetched = isReleaseImage(name) ? await filesFromNpm(name, architecture, signal ?? never) : [];
    await buildImage(engine, { name, tag, context: [...context, ...fetched], onLine, signal });
    onProgress({ kind: "built", name, tag, durationMs: performance.now() - startedAt });
    return [name, tag];
  };
  return Object.fromEntries(await mapAtMost(buildsAtOnce, names, ensureOne)) as Record<Name, string>;
}

/** Those of these images that are not built; of one whose base is not there nothing can be said. */
export async function missingImages(engine: Engine, names: readonly string[]): Promise<readonly string[]> {
  const missing = names.map(async (name) => {
    const context = await contextOf(engine, name);
    const baseId = await imageId(engine, baseOf(context));
    return baseId !== null && (await imageId(engine, imageTag(name, context, baseId))) === null ? [name] : [];
  });
  return (await Promise.all(missing)).flat();
}

/**
 * Tags that the images have with today's Dockerfiles and bases; says nothing about whether they are built. One whose base is not
 * there has none.
 */
export async function imageTags(
  engine: Engine,
  names: readonly AnyImage[] = allNames(),
): Promise<Partial<Record<AnyImage, string>>> {
  if ((await imageId(engine, baseImage)) === null) return {};
  const entries = names.map(async (name): Promise<[AnyImage, string][]> => {
    const context = await contextOf(engine, name);
    const baseId = await imageId(engine, baseOf(context));
    return baseId === null ? [] : [[name, imageTag(name, context, baseId)]];
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}

/** The bases that images of these names are built on, each once. */
export async function basesOf(names: readonly ImageName[]): Promise<readonly string[]> {
  const bases = names.map(async (name) => baseOf(await readContext(join(imagesFolder, name))));
  return [...new Set(await Promise.all(bases))];
}

/** Every image that a client or server of a release may live in. */
export function releaseImages(): readonly ReleaseImage[] {
  const ofClients = clients.flatMap((client) =>
    clientReleases(client).flatMap(({ id }) => resolveClient(`${client.id}@${id}`)?.definition.program?.image ?? []),
  );
  const ofServers = softwares.flatMap((software) =>
    softwareReleases(software).map(({ id }) => imageOf({ software: software.id, release: id })),
  );
  return [...new Set([...ofClients, ...ofServers])].filter(isReleaseImage);
}

/** Whether an image is made by a recipe for a release, and has no folder. */
export function isReleaseImage(name: string): name is ReleaseImage {
  return partsOfImage(name) !== null;
}

/** Every possible image, except those of a library's versions. */
function allNames(): readonly AnyImage[] {
  return [...imageNames, ...releaseImages()];
}

/**
 * The image of a library's version or of Node's that a tag is of: `ftp-nat-matrix/basic-ftp-3.8.7:0123` → `basic-ftp@3.8.7`,
 * `ftp-nat-matrix/basic-ftp-3.8.7-node-22.22.3:0123`, `ftp-nat-matrix/node-22.22.3:0123`; else none.
 */
export function versionOfTag(tag: string): readonly ReleaseImage[] {
  const [repository = ""] = tag.split(":");
  const recipes = ["node", ...clients.flatMap(({ id, npm }) => (npm === undefined ? [] : [id]))];
  return recipes.flatMap((recipe): readonly ReleaseImage[] => {
    const prefix = `${imageRepository(recipe)}-`;
    const [version = "", node, ...more] = repository.startsWith(prefix)
      ? repository.slice(prefix.length).split("-node-")
      : [];
    if (more.length > 0 || !isVersion(version) || (node !== undefined && !isVersion(node))) return [];
    return [node === undefined ? `${recipe}@${version}` : `${recipe}@${version}+node@${node}`];
  });
}

/** What an image is built from. @throws LabError `base-image-missing` where a recipe needs an image that cannot be made without it */
async function contextOf(engine: Engine, name: string, folder = imagesFolder): Promise<readonly ContextFile[]> {
  if (!isReleaseImage(name)) return readContext(join(folder, name));
  const client = await readContext(join(folder, "client"));
  const clientTag = imageTag("client", client, await baseImageId(engine, baseOf(client)));
  const reference = ownImageIn(name);
  if (reference !== null) return foreignContext(reference, await baseImageId(engine, reference), clientTag);
  return releaseContext(name, { clientTag, contextOf: (recipe) => readContext(join(folder, recipe)) });
}

/** Containers that a broken build left behind; a younger one may belong to a running build. */
const abandonedAfterMs = 3_600_000;

/** Removes images of ours under other tags than today's, except those in use, and old layers of broken builds. */
export async function removeOldImages(engine: Engine): Promise<readonly string[]> {
  const ours = await engine.docker.listImages({ filters: { label: [ownerFilter] } });
  const versions = ours.flatMap(({ RepoTags }) => ((RepoTags as string[] | null) ?? []).flatMap(versionOfTag));
  const names = [...allNames(), ...versions];
  const current = new Set(Object.values(await imageTags(engine, names)));
  // The label alone would also name images that somebody built upon ours.
  const isOld = (tag: string) => !current.has(tag) && names.some((name) => tag.startsWith(`${imageRepository(name)}:`));
  const old = ours.flatMap((image) => {
    // `RepoTags` is null, against its type, or has a word in brackets, for an image without a tag.
    const tags = ((image.RepoTags as string[] | null) ?? []).filter((tag) => !tag.startsWith("<none>"));
    const isAbandoned = tags.length === 0 && Date.now() - image.Created * 1000 > abandonedAfterMs;
    return isAbandoned ? [image.Id] : tags.filter(isOld);
  });
  const removed: string[] = [];
  for (const reference of old) {
    try {
      await engine.docker.getImage(reference).remove();
      removed.push(reference);
    } catch (error) {
      // 409: a container uses it. 404: somebody else was quicker.
      if (![404, 409].includes(statusOf(error))) throw error;
    }
  }
  return removed;
}

/** The image's id, or null where the engine does not have it. */
export async function imageId(engine: Engine, tag: string): Promise<string | null> {
  try {
    return (await engine.docker.getImage(tag).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function baseImageId(engine: Engine, base: string): Promise<string> {
  const id = await imageId(engine, base);
  if (id !== null) return id;
  throw new LabError("image", `The base image ${base} is missing on the engine.`, {
    code: "base-image-missing",
    hint: "Run `npm run setup`.",
  });
}

async function readContext(folder: string): Promise<readonly ContextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({
      path: relative(folder, file).split(sep).join("/"),
      content: await readFile(file),
    })),
  );
}

/** Like `Promise.all` over the items, `limit` of them at a time; after a failure nothing new starts. */
async function mapAtMost<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      try {
        results[index] = await work(item);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  };
  // All workers end before the error is thrown: an orphaned build would go on printing into the report.
  const ends = await Promise.allSettled(Array.from({ length: limit }, worker));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure) throw failure.reason;
  return results;
}
