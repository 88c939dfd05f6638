import type { AnyImage, ReleaseImage } from "../model/release-image";
import { ownImageIn } from "../catalog/clients/user-image";
import { LabError, describeError } from "../model/errors";
import { ensureBaseImage } from "./bootstrap";
import type { Engine } from "./engine";
import { baseImage, type ImageName } from "./image-definitions";
import { basesOf, ensureImages, imageId, isReleaseImage, missingImages, type ImageProgress } from "./images";
import { ReleaseProgress } from "./release-progress";
import { releaseOf } from "./release-recipe";

type Work = { readonly notice: (text: string) => void; readonly signal: AbortSignal };

/** Images by name, and why those of releases that are not there cannot be had. */
type HadImages = {
  readonly images: Partial<Record<AnyImage, string>>;
  readonly missing: ReadonlyMap<AnyImage, string>;
};

/** Tags of the images, and of what they are built on, made where they are not there yet. @throws LabError */
export async function imagesOf<Name extends AnyImage>(
  engine: Engine,
  wanted: readonly Name[],
  notice: (text: string) => void,
  signal = new AbortController().signal,
): Promise<Record<Name, string>> {
  const { images, missing } = await imagesOrReasons(engine, wanted, notice, signal);
  for (const reason of missing.values()) throw new LabError("image", reason, { code: "image-build-failed" });
  return images as Record<Name, string>;
}

/** As `imagesOf`, but if an image of a release is not available, it gives the reason. @throws LabError for any other */
export async function imagesOrReasons(
  engine: Engine,
  wanted: readonly AnyImage[],
  notice: (text: string) => void,
  signal: AbortSignal,
): Promise<HadImages> {
  const names = [...new Set(wanted)];
  const releases = names.filter(isReleaseImage);
  // Recipes of releases take Node from the client's image.
  const usual = [...new Set([...names.filter(isFolderImage), ...(releases.length > 0 ? (["client"] as const) : [])])];
  await ensureOtherBases(engine, usual, { notice, signal });
  const onProgress = (progress: ImageProgress): void => {
    if (progress.kind === "building") notice(`building image ${progress.name}, once`);
  };
  const images = await ensureImages(engine, usual, onProgress, { signal });
  const had = await ensureReleases(engine, releases, { notice, signal });
  return { images: { ...images, ...had.images }, missing: had.missing };
}

function isFolderImage(name: AnyImage): name is ImageName {
  return !isReleaseImage(name);
}

/** The base of the core's images is `setup`'s to make; those of others are made when they are first needed. */
async function ensureOtherBases(engine: Engine, names: readonly ImageName[], work: Work): Promise<void> {
  for (const reference of await basesOf(names)) {
    if (reference !== baseImage) await ensureBase(engine, reference, work);
  }
}

async function ensureBase(engine: Engine, reference: string, { notice, signal }: Work): Promise<void> {
  const onNote = (note: string, kind: "announcement" | "detail"): void => {
    if (kind === "announcement") notice(note);
  };
  await ensureBaseImage(engine, { reference, signal, onNote });
}

/** Users' own images that the engine does not have, with what to do about it: the lab pulls none. */
async function absentOwnImages(engine: Engine, names: readonly ReleaseImage[]): Promise<Map<AnyImage, string>> {
  const missing = new Map<AnyImage, string>();
  for (const name of names) {
    const reference = ownImageIn(name);
    if (reference === null || (await imageId(engine, reference)) !== null) continue;
    missing.set(
      name,
      `the engine has no image ${reference}. Build it (docker build -t) or pull it (docker pull) first.`,
    );
  }
  return missing;
}

/** How long these take where nothing is there: a base that has to be built from packages, and an image upon it. */
const usualSeconds = { base: 40, image: 20 } as const;

/** Makes images of releases, one after the other: each base and each image is a step. */
async function ensureReleases(engine: Engine, wanted: readonly ReleaseImage[], work: Work): Promise<HadImages> {
  const missing = await absentOwnImages(engine, wanted);
  const names = wanted.filter((name) => !missing.has(name));
  const bases = [...new Set(names.flatMap((name) => releaseOf(name)?.base ?? []))];
  const absent = await Promise.all(bases.map(async (base) => ((await imageId(engine, base)) === null ? [base] : [])));
  const missingBases = new Set<string>(absent.flat());
  const unbuilt = new Set<string>(await missingImages(engine, names));
  const steps = names.flatMap((name, index) => {
    const { base, title } = releaseOf(name) ?? { base: "", title: "" };
    const isFirst = names.findIndex((other) => releaseOf(other)?.base === base) === index;
    return [
      ...(missingBases.has(base) && isFirst ? [{ name, base, what: `the base of ${title}` }] : []),
      ...(missingBases.has(base) || unbuilt.has(name) ? [{ name, base: null, what: `the image ${name}` }] : []),
    ];
  });
  const timed = steps.map(({ what, base }) => ({ what, usualSeconds: usualSeconds[base === null ? "image" : "base"] }));
  const progress = new ReleaseProgress(timed, () => performance.now() / 1000);
  const failedBases = new Map<string, string>();
  for (const [index, { name, base }] of steps.entries()) {
    const failed = failedBases.get(releaseOf(name)?.base ?? "");
    if (failed !== undefined) {
      missing.set(name, failed);
      continue;
    }
    work.notice(progress.begin(index));
    try {
      if (base === null) await ensureImages(engine, [name], undefined, { signal: work.signal });
      else await ensureBase(engine, base, { ...work, notice: () => undefined });
    } catch (error) {
      work.signal.throwIfAborted();
      const { message } = describeError(error);
      missing.set(name, message);
      if (base !== null) failedBases.set(base, message);
    }
  }
  const there = names.filter((name) => !missing.has(name));
  return { images: await ensureImages(engine, there, undefined, { signal: work.signal }), missing };
}
