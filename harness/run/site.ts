import { bundleAgent } from "../client/bundle";
import type { Engine } from "../lab/engine";
import { coreImages, type ImageName } from "../lab/image-definitions";
import { ensureImages } from "../lab/images";
import type { ClientImage } from "../model/program";
import type { LabSite } from "../lab/lab";
import { PatchPanel } from "../lab/patch-panel";
import { makeSiteCertificates } from "../lab/site-certificates";
import { sweepDead } from "../lab/sweep";

/**
 * Makes what the labs of a run share, images for the given clients included; `notice` is told what takes a while. The patch panel starts meanwhile: labs wait for it
 * only when they are ready to be wired.
 * @throws LabError when an image cannot be had; nothing is left running then.
 */
export async function openSite(
  engine: Engine,
  run: string,
  notice: (text: string) => void,
  clientImages: readonly ClientImage[] = [],
): Promise<LabSite> {
  const images = await ensureImages(engine, [...new Set<ImageName>([...coreImages, ...clientImages])], (progress) => {
    if (progress.kind === "building") notice(`building image ${progress.name}, once`);
  });
  const panel = PatchPanel.start(engine, images.router, run);
  // Each lab that needs it is told; until one does, a failure must not count as a rejection that nobody handles.
  panel.catch(() => undefined);
  try {
    const [certificates, agentBundle] = await Promise.all([makeSiteCertificates(), bundleAgent(), sweepDead(engine)]);
    return { engine, run, images, panel, certificates, agentBundle };
  } catch (error) {
    await closeSite({ panel });
    throw error;
  }
}

/** Ends the patch panel, if it ever started. */
export async function closeSite({ panel }: Pick<LabSite, "panel">): Promise<void> {
  const started = await panel.catch(() => null);
  await started?.stop();
}
