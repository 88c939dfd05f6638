import { agentScript, nodeClientScripts } from "../lab/agent-scripts";
import type { Engine } from "../lab/engine";
import { baseImage, coreImages, type ImageName } from "../lab/image-definitions";
import { basesOf, ensureImages, type ImageProgress } from "../lab/images";
import type { LabSite, SiteSupplies } from "../lab/lab";
import { PatchPanel } from "../lab/patch-panel";
import { sweepDead } from "../lab/sweep";
import { ensureBaseImage } from "../lab/bootstrap";

/**
 * Makes what the labs of a run share, the given images beside the core's included; `notice` is told what takes a while. The patch
 * panel starts and the supplies are made meanwhile: labs wait for each only when they need it.
 * @throws LabError when an image cannot be had; nothing is left running then.
 */
export async function openSite(
  engine: Engine,
  run: string,
  notice: (text: string) => void,
  options: { readonly images?: readonly ImageName[]; readonly signal?: AbortSignal } = {},
): Promise<LabSite> {
  const images = await imagesOf(engine, [...coreImages, ...(options.images ?? [])], notice, options.signal);
  const panel = PatchPanel.start(engine, images.router, run);
  const supplies = makeSupplies();
  // Each lab that needs them is told; until one does, a failure must not count as a rejection that nobody handles.
  panel.catch(() => undefined);
  supplies.catch(() => undefined);
  try {
    await sweepDead(engine);
    return { engine, run, images, panel, supplies };
  } catch (error) {
    await closeSite({ panel });
    throw error;
  }
}

async function makeSupplies(): Promise<SiteSupplies> {
  const scripts = Promise.all([agentScript(), nodeClientScripts()]);
  // What makes them takes longer to load than to do it: the engine has its first containers to start by then.
  const { makeSiteCertificates } = await import("../lab/site-certificates.ts");
  const [certificates, [agentBundle, nodeClientBundles]] = await Promise.all([makeSiteCertificates(), scripts]);
  return { certificates, agentBundle, nodeClientBundles };
}

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

/** Ends the patch panel, if it ever started. */
export async function closeSite({ panel }: Pick<LabSite, "panel">): Promise<void> {
  const started = await panel.catch(() => null);
  await started?.stop();
}
