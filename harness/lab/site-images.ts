import { ensureBaseImage } from "./bootstrap";
import type { Engine } from "./engine";
import { baseImage, type ImageName } from "./image-definitions";
import { basesOf, ensureImages, type ImageProgress } from "./images";

/** Tags of the images, and of what they are built on, made where they are not there yet. @throws LabError */
export async function imagesOf(
  engine: Engine,
  wanted: readonly ImageName[],
  notice: (text: string) => void,
  signal = new AbortController().signal,
): Promise<Record<ImageName, string>> {
  const names = [...new Set(wanted)];
  await ensureOtherBases(engine, names, { notice, signal });
  const onProgress = (progress: ImageProgress): void => {
    if (progress.kind === "building") notice(`building image ${progress.name}, once`);
  };
  return ensureImages(engine, names, onProgress, { signal });
}

/** The base of the core's images is `setup`'s to make; those of others are made when they are first needed. */
async function ensureOtherBases(
  engine: Engine,
  names: readonly ImageName[],
  { notice, signal }: { readonly notice: (text: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const onNote = (note: string, kind: "announcement" | "detail"): void => {
    if (kind === "announcement") notice(note);
  };
  for (const reference of await basesOf(names)) {
    if (reference === baseImage) continue;
    await ensureBaseImage(engine, { reference, signal, onNote });
  }
}
